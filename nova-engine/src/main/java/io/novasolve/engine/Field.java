package io.novasolve.engine;

import io.novasolve.sky.stars.StarList;

/** The stars of a picture, with positions counted from its middle. Immutable. */
final class Field {

    final int size;
    final double width;
    final double height;
    final double halfDiagonal;
    final double[] x;
    final double[] y;

    Field(StarList stars) {
        size = stars.size();
        width = stars.width();
        height = stars.height();
        halfDiagonal = Math.hypot(width, height) / 2;
        x = new double[size];
        y = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = stars.x(i) - (width + 1) / 2;
            y[i] = stars.y(i) - (height + 1) / 2;
        }
    }

    double area() {
        return width * height;
    }

    /** Whether a place is on the picture. */
    boolean contains(double px, double py) {
        return Math.abs(px) <= width / 2 && Math.abs(py) <= height / 2;
    }
}
