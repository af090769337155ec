package io.novasolve.engine;

import java.util.Arrays;

/**
 * Weighted linear least squares for a few unknowns and several right-hand sides, by Householder reflections (Golub &amp;
 * Van Loan, Matrix Computations, §5.3).
 */
final class LeastSquares {

    private final int unknowns;
    private final int sides;
    private final int stride;
    private double[] rows;
    private int count;

    LeastSquares(int expectedRows, int unknowns, int sides) {
        this.unknowns = unknowns;
        this.sides = sides;
        stride = unknowns + sides;
        rows = new double[Math.max(unknowns, expectedRows) * stride];
    }

    void add(double[] coefficients, double weight, double... values) {
        if ((count + 1) * stride > rows.length) {
            rows = Arrays.copyOf(rows, 2 * rows.length);
        }
        int at = count * stride;
        for (int j = 0; j < unknowns; j++) {
            rows[at + j] = coefficients[j] * weight;
        }
        for (int s = 0; s < sides; s++) {
            rows[at + unknowns + s] = values[s] * weight;
        }
        count++;
    }

    int count() {
        return count;
    }

    /** The unknowns for each right-hand side; all NaN where the rows do not determine them. */
    double[][] solve() {
        double[][] result = new double[sides][unknowns];
        double largest = 0;
        for (int j = 0; j < unknowns; j++) {
            double diagonal = count > j ? reflect(j) : 0;
            largest = Math.max(largest, Math.abs(diagonal));
            if (!(Math.abs(diagonal) > 1e-11 * largest)) {
                for (double[] r : result) {
                    Arrays.fill(r, Double.NaN);
                }
                return result;
            }
        }
        for (int s = 0; s < sides; s++) {
            for (int i = unknowns - 1; i >= 0; i--) {
                double sum = rows[i * stride + unknowns + s];
                for (int j = i + 1; j < unknowns; j++) {
                    sum -= rows[i * stride + j] * result[s][j];
                }
                result[s][i] = sum / rows[i * stride + i];
            }
        }
        return result;
    }

    /** Clears a column below the diagonal and returns the diagonal element. */
    private double reflect(int j) {
        double norm2 = 0;
        for (int i = j; i < count; i++) {
            norm2 += rows[i * stride + j] * rows[i * stride + j];
        }
        double head = rows[j * stride + j];
        double diagonal = head > 0 ? -Math.sqrt(norm2) : Math.sqrt(norm2);
        if (diagonal == 0) {
            return 0;
        }
        double v0 = head - diagonal;
        double beta = -1 / (diagonal * v0);
        rows[j * stride + j] = v0;
        for (int c = j + 1; c < stride; c++) {
            double dot = 0;
            for (int i = j; i < count; i++) {
                dot += rows[i * stride + j] * rows[i * stride + c];
            }
            dot *= beta;
            for (int i = j; i < count; i++) {
                rows[i * stride + c] -= dot * rows[i * stride + j];
            }
        }
        rows[j * stride + j] = diagonal;
        return diagonal;
    }

    /** After {@link #solve}: the element (i, j) of the inverse of the normal matrix, the covariance for unit weight. */
    double covariance(int i, int j) {
        double[] a = inverseRow(i);
        double[] b = inverseRow(j);
        double sum = 0;
        for (int k = 0; k < unknowns; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /** Row i of R⁻¹, by forward substitution with Rᵀ. */
    private double[] inverseRow(int i) {
        double[] x = new double[unknowns];
        for (int k = i; k < unknowns; k++) {
            double sum = k == i ? 1 : 0;
            for (int m = i; m < k; m++) {
                sum -= x[m] * rows[m * stride + k];
            }
            x[k] = sum / rows[k * stride + k];
        }
        return x;
    }
}
