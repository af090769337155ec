package io.novasolve.sky.wcs;

import io.novasolve.sky.PixelPosition;

/**
 * The polynomials that undo a distortion, fitted by least squares to a grid over the picture. The unknowns are scaled to
 * the picture and the system solved by Householder reflections (Golub &amp; Van Loan, Matrix Computations, §5.3), so that
 * high orders stay well-conditioned.
 */
final class SipInverse {

    private static final int GRID = 24;

    private SipInverse() {}

    static Sip of(SipPolynomial a, SipPolynomial b, PixelPosition crpix, double width, double height) {
        int order = Math.min(SipPolynomial.MAX_ORDER, Math.max(1, Math.max(a.order(), b.order())) + 2);
        int terms = (order + 1) * (order + 2) / 2;
        int points = GRID * GRID;
        double[][] matrix = new double[points][terms];
        double[][] residuals = new double[2][points];
        double scale = Math.max(width, height);
        for (int i = 0; i < points; i++) {
            double u = 0.5 + width * (i % GRID) / (GRID - 1) - crpix.x();
            double v = 0.5 + height * (i / GRID) / (GRID - 1) - crpix.y();
            double du = a.at(u, v);
            double dv = b.at(u, v);
            residuals[0][i] = -du;
            residuals[1][i] = -dv;
            powers((u + du) / scale, (v + dv) / scale, order, matrix[i]);
        }
        double[][] solved = leastSquares(matrix, residuals);
        return new Sip(a, b, polynomial(solved[0], order, scale), polynomial(solved[1], order, scale));
    }

    private static void powers(double u, double v, int order, double[] row) {
        int term = 0;
        double up = 1;
        for (int p = 0; p <= order; p++) {
            double value = up;
            for (int q = 0; q <= order - p; q++) {
                row[term++] = value;
                value *= v;
            }
            up *= u;
        }
    }

    private static SipPolynomial polynomial(double[] solved, int order, double scale) {
        double[][] coefficients = new double[order + 1][order + 1];
        int term = 0;
        for (int p = 0; p <= order; p++) {
            for (int q = 0; q <= order - p; q++) {
                coefficients[p][q] = solved[term++] / Math.pow(scale, p + q);
            }
        }
        return SipPolynomial.of(order, coefficients);
    }

    /** Overwrites both arguments; a column that adds nothing gets the coefficient zero. */
    private static double[][] leastSquares(double[][] matrix, double[][] rightSides) {
        int columns = matrix[0].length;
        double[] diagonal = new double[columns];
        for (int k = 0; k < columns; k++) {
            diagonal[k] = reflect(matrix, rightSides, k);
        }
        double[][] solutions = new double[rightSides.length][columns];
        for (int s = 0; s < rightSides.length; s++) {
            for (int k = columns - 1; k >= 0; k--) {
                double sum = rightSides[s][k];
                for (int j = k + 1; j < columns; j++) {
                    sum -= matrix[k][j] * solutions[s][j];
                }
                solutions[s][k] = Math.abs(diagonal[k]) < 1e-12 ? 0 : sum / diagonal[k];
            }
        }
        return solutions;
    }

    /** Zeroes column k below the diagonal and returns the diagonal's new value; the vector stays in the column. */
    private static double reflect(double[][] matrix, double[][] rightSides, int k) {
        int rows = matrix.length;
        double norm = 0;
        for (int i = k; i < rows; i++) {
            norm = Math.hypot(norm, matrix[i][k]);
        }
        if (norm == 0) {
            return 0;
        }
        double alpha = matrix[k][k] > 0 ? -norm : norm;
        matrix[k][k] -= alpha;
        // Half the squared length of the reflecting vector.
        double beta = -alpha * matrix[k][k];
        for (int j = k + 1; j < matrix[0].length; j++) {
            double dot = 0;
            for (int i = k; i < rows; i++) {
                dot += matrix[i][k] * matrix[i][j];
            }
            for (int i = k; i < rows; i++) {
                matrix[i][j] -= dot / beta * matrix[i][k];
            }
        }
        for (double[] side : rightSides) {
            double dot = 0;
            for (int i = k; i < rows; i++) {
                dot += matrix[i][k] * side[i];
            }
            for (int i = k; i < rows; i++) {
                side[i] -= dot / beta * matrix[i][k];
            }
        }
        return alpha;
    }
}
