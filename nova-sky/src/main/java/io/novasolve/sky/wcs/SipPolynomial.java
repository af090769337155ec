package io.novasolve.sky.wcs;

import java.util.Arrays;

/**
 * A polynomial in two variables, Σ c<sub>pq</sub> u<sup>p</sup> v<sup>q</sup> with p + q ≤ order, as the SIP convention
 * uses it (Shupe et al. 2005, ADASS XIV, ASP Conf. Ser. 347, 491). Coefficients are in pixels<sup>1−p−q</sup>. Immutable.
 */
public final class SipPolynomial {

    /** SIP headers carry one digit for the order. */
    public static final int MAX_ORDER = 9;

    private final int order;
    private final double[] coefficients;

    private SipPolynomial(int order, double[] coefficients) {
        this.order = order;
        this.coefficients = coefficients;
    }

    /**
     * A polynomial from its coefficients.
     *
     * @param coefficients {@code coefficients[p][q]} for p + q ≤ order; shorter rows are filled with zeros
     * @throws IllegalArgumentException if the order is not in 0…9 or a coefficient is not finite
     */
    public static SipPolynomial of(int order, double[][] coefficients) {
        if (order < 0 || order > MAX_ORDER) {
            throw new IllegalArgumentException("the order of a SIP polynomial must be in 0…9, but is " + order);
        }
        double[] packed = new double[(order + 1) * (order + 1)];
        for (int p = 0; p <= order && p < coefficients.length; p++) {
            for (int q = 0; q <= order - p && q < coefficients[p].length; q++) {
                double c = coefficients[p][q];
                if (!Double.isFinite(c)) {
                    throw new IllegalArgumentException("the SIP coefficient " + p + "_" + q + " is " + c);
                }
                packed[p * (order + 1) + q] = c;
            }
        }
        return new SipPolynomial(order, packed);
    }

    public int order() {
        return order;
    }

    /** The coefficient of u<sup>p</sup> v<sup>q</sup>; zero beyond the order. */
    public double coefficient(int p, int q) {
        return p < 0 || q < 0 || p + q > order ? 0 : coefficients[p * (order + 1) + q];
    }

    /** The value at (u, v), both in pixels from the reference pixel. */
    public double at(double u, double v) {
        double sum = 0;
        for (int p = order; p >= 0; p--) {
            double row = 0;
            for (int q = order - p; q >= 0; q--) {
                row = row * v + coefficients[p * (order + 1) + q];
            }
            sum = sum * u + row;
        }
        return sum;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SipPolynomial other
                && order == other.order
                && Arrays.equals(coefficients, other.coefficients);
    }

    @Override
    public int hashCode() {
        return 31 * order + Arrays.hashCode(coefficients);
    }

    @Override
    public String toString() {
        return "SipPolynomial[order=" + order + "]";
    }
}
