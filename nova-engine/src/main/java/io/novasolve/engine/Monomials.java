package io.novasolve.engine;

/** The terms u^p v^q of a polynomial: 1; u, v; u², uv, v²; … */
final class Monomials {

    /** Number of terms up to linear ones. */
    static final int LINEAR = 3;

    private Monomials() {}

    static int count(int order) {
        return (order + 1) * (order + 2) / 2;
    }

    static void fill(int order, double u, double v, double[] terms) {
        terms[0] = 1;
        int previous = 0;
        int at = 1;
        for (int total = 1; total <= order; total++) {
            for (int k = 0; k < total; k++) {
                terms[at + k] = terms[previous + k] * u;
            }
            terms[at + total] = terms[at - 1] * v;
            previous = at;
            at += total + 1;
        }
    }

    /** The sum of quadratic and higher terms; {@code coefficients[0]} belongs to u². */
    static double sumFromQuadratic(int order, double[] coefficients, double u, double v) {
        double sum = 0;
        int at = 0;
        double uPower = u;
        for (int total = 2; total <= order; total++) {
            uPower *= u;
            // Horner in v/u would divide by zero on the axis, so powers of v are built up instead.
            double vPower = 1;
            for (int q = 0; q <= total; q++) {
                sum += coefficients[at++] * power(u, total - q, uPower) * vPower;
                vPower *= v;
            }
        }
        return sum;
    }

    private static double power(double u, int exponent, double highest) {
        return switch (exponent) {
            case 0 -> 1;
            case 1 -> u;
            case 2 -> u * u;
            case 3 -> u * u * u;
            case 4 -> u * u * u * u;
            default -> highest;
        };
    }
}
