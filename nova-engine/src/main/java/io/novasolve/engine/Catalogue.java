package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.KdTree;
import java.util.Arrays;

/**
 * The stars of an index in and around a field, brightest group first. The choice is fixed when it is made, with some room
 * around the picture; {@link #project} finds where they fall for one camera after another.
 */
final class Catalogue {

    private static final double ROOM = 1.15;

    final int size;
    final int[] star;
    final double[] direction;
    final double[] x;
    final double[] y;
    final boolean[] inside;

    Catalogue(Index index, Camera camera, Field field) {
        double radius = Math.atan(field.halfDiagonal * ROOM * camera.radPerPixel());
        KdTree.Hits hits = new KdTree.Hits();
        index.stars().search(camera.axis(), 2 * Math.sin(Math.min(radius, Math.PI / 2) / 2), hits);
        long[] order = new long[hits.count()];
        for (int i = 0; i < order.length; i++) {
            int s = index.starAt(hits.position(i));
            order[i] = (long) index.sweep(s) << 32 | s;
        }
        Arrays.sort(order);
        size = order.length;
        star = new int[size];
        direction = new double[3 * size];
        double[] v = new double[3];
        for (int i = 0; i < size; i++) {
            star[i] = (int) order[i];
            index.star(star[i], v);
            System.arraycopy(v, 0, direction, 3 * i, 3);
        }
        x = new double[size];
        y = new double[size];
        inside = new boolean[size];
    }

    /** Finds the places of all stars and which of them are on the picture. */
    void project(Camera camera, Field field) {
        double[] p = new double[2];
        for (int i = 0; i < size; i++) {
            inside[i] = camera.toPixel(direction[3 * i], direction[3 * i + 1], direction[3 * i + 2], p)
                    && field.contains(p[0], p[1]);
            x[i] = p[0];
            y[i] = p[1];
        }
    }

    /** Number of a star of the index in this list, or −1. */
    int find(int indexStar) {
        for (int i = 0; i < size; i++) {
            if (star[i] == indexStar) {
                return i;
            }
        }
        return -1;
    }
}
