package io.novasolve.engine;

import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;

/**
 * SIP distortion about the middle of the picture: (u, v) ↦ (u + A(u, v), v + B(u, v)), terms of order two and up. The
 * terms are listed by total order, and within it by falling power of u, as {@link Monomials} does. Immutable.
 */
final class Distortion {

    private static final int MAX_STEPS = 12;

    private final int order;
    private final double unit;
    private final double[] a;
    private final double[] b;

    /**
     * @param unit pixels per unit of the scaled variables
     * @param a coefficients of A in scaled variables, value in pixels, from the first quadratic term on
     * @param b the same of B
     */
    Distortion(int order, double unit, double[] a, double[] b) {
        this.order = order;
        this.unit = unit;
        this.a = a;
        this.b = b;
    }

    int order() {
        return order;
    }

    double a(double u, double v) {
        return Monomials.sumFromQuadratic(order, a, u / unit, v / unit);
    }

    double b(double u, double v) {
        return Monomials.sumFromQuadratic(order, b, u / unit, v / unit);
    }

    /** Finds the pixel whose distorted place is given, in place; false where there is none near. */
    boolean invert(double[] pixel) {
        double targetU = pixel[0];
        double targetV = pixel[1];
        double u = targetU;
        double v = targetV;
        double h = unit * 1e-4;
        for (int step = 0; step < MAX_STEPS; step++) {
            double au = a(u, v);
            double bu = b(u, v);
            double ru = targetU - u - au;
            double rv = targetV - v - bu;
            if (Math.abs(ru) + Math.abs(rv) < 1e-6) {
                pixel[0] = u;
                pixel[1] = v;
                return true;
            }
            double a11 = 1 + (a(u + h, v) - au) / h;
            double a12 = (a(u, v + h) - au) / h;
            double a21 = (b(u + h, v) - bu) / h;
            double a22 = 1 + (b(u, v + h) - bu) / h;
            double det = a11 * a22 - a12 * a21;
            if (!(det > 0.05)) {
                return false;
            }
            u += (a22 * ru - a12 * rv) / det;
            v += (a11 * rv - a21 * ru) / det;
        }
        return false;
    }

    /** As header polynomials, with an inverse of the same order fitted over a picture of the given size. */
    Sip toSip(double width, double height) {
        double[][] inverse = invertOver(width, height);
        return new Sip(
                polynomial(a, Monomials.LINEAR),
                polynomial(b, Monomials.LINEAR),
                polynomial(inverse[0], 0),
                polynomial(inverse[1], 0));
    }

    /** @param first number of the first term that the coefficients hold */
    private SipPolynomial polynomial(double[] scaled, int first) {
        double[][] c = new double[order + 1][order + 1];
        int term = 0;
        for (int total = 0; total <= order; total++) {
            for (int p = total; p >= 0; p--, term++) {
                if (term >= first) {
                    c[p][total - p] = scaled[term - first] / Math.pow(unit, total);
                }
            }
        }
        return SipPolynomial.of(order, c);
    }

    private double[][] invertOver(double width, double height) {
        int side = 4 * (order + 2);
        int terms = Monomials.count(order);
        LeastSquares fit = new LeastSquares(side * side, terms, 2);
        double[] row = new double[terms];
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                double u = width * (i / (side - 1.0) - 0.5);
                double v = height * (j / (side - 1.0) - 0.5);
                double au = a(u, v);
                double bu = b(u, v);
                Monomials.fill(order, (u + au) / unit, (v + bu) / unit, row);
                fit.add(row, 1, -au, -bu);
            }
        }
        return fit.solve();
    }
}
