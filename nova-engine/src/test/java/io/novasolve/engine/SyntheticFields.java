package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.engine.index.KdTree;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Star lists of imaginary pictures of the real sky, with all that goes wrong on real ones. */
final class SyntheticFields {

    static final int WIDTH = 1600;
    static final int HEIGHT = 1200;

    /**
     * What a picture is like.
     *
     * @param noisePx standard error of a position, per axis
     * @param missing fraction of the stars that are not on the list
     * @param spurious fraction of the list that is no star
     * @param barrel displacement towards the middle at the corner, as a fraction of the half diagonal
     */
    record Recipe(double widthDeg, double noisePx, double missing, double spurious, double barrel, int stars) {}

    record SyntheticField(StarList stars, SkyPosition centre, double widthDeg, boolean mirrored) {}

    private SyntheticFields() {}

    static SyntheticField make(IndexLibrary library, Recipe recipe, SkyPosition centre, Random random) {
        Index index = source(library, recipe.widthDeg());
        double focal = WIDTH / 2.0 / Math.tan(Math.toRadians(recipe.widthDeg()) / 2);
        double half = Math.hypot(WIDTH, HEIGHT) / 2;
        boolean mirrored = random.nextBoolean();
        double turn = random.nextDouble() * 2 * Math.PI;
        double[] axis = centre.unitVector();
        double[] east = {-Math.sin(Math.toRadians(centre.raDeg())), Math.cos(Math.toRadians(centre.raDeg())), 0};
        double[] north = Vectors.cross(axis, east);
        KdTree.Hits hits = new KdTree.Hits();
        index.stars().search(axis, 2 * Math.sin(Math.atan(half / focal) / 2), hits);
        record Seen(double x, double y, double magnitude) {}
        List<Seen> seen = new ArrayList<>();
        double[] v = new double[3];
        for (int i = 0; i < hits.count(); i++) {
            int star = index.starAt(hits.position(i));
            index.star(star, v);
            double along = Vectors.dot(v, axis);
            double e = Vectors.dot(v, east) / along * focal * (mirrored ? 1 : -1);
            double n = Vectors.dot(v, north) / along * focal;
            double x = e * Math.cos(turn) - n * Math.sin(turn);
            double y = e * Math.sin(turn) + n * Math.cos(turn);
            double r2 = (x * x + y * y) / (half * half);
            x = x * (1 - recipe.barrel() * r2) + (WIDTH + 1) / 2.0 + random.nextGaussian() * recipe.noisePx();
            y = y * (1 - recipe.barrel() * r2) + (HEIGHT + 1) / 2.0 + random.nextGaussian() * recipe.noisePx();
            if (x > 0.5 && y > 0.5 && x < WIDTH + 0.5 && y < HEIGHT + 0.5 && random.nextDouble() >= recipe.missing()) {
                seen.add(new Seen(x, y, index.magnitude(star) + 0.3 * random.nextGaussian()));
            }
        }
        seen.sort(Comparator.comparingDouble(Seen::magnitude));
        List<double[]> list = new ArrayList<>();
        int real = 0;
        while (list.size() < recipe.stars() && real < seen.size()) {
            if (random.nextDouble() < recipe.spurious()) {
                list.add(new double[] {1 + random.nextDouble() * (WIDTH - 1), 1 + random.nextDouble() * (HEIGHT - 1)});
            } else {
                list.add(new double[] {seen.get(real).x(), seen.get(real).y()});
                real++;
            }
        }
        double[] xs = list.stream().mapToDouble(p -> p[0]).toArray();
        double[] ys = list.stream().mapToDouble(p -> p[1]).toArray();
        return new SyntheticField(StarList.of(WIDTH, HEIGHT, xs, ys), centre, recipe.widthDeg(), mirrored);
    }

    /** An index dense enough for the width and no denser than needed. */
    private static Index source(IndexLibrary library, double widthDeg) {
        int wanted = widthDeg > 30 ? 90_000 : widthDeg > 8 ? 360_000 : 2_000_000;
        return library.indexes().stream()
                .filter(i -> i.starCount() <= wanted)
                .max(Comparator.comparingInt(Index::starCount))
                .orElseThrow();
    }

    static SkyPosition anywhere(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new SkyPosition(random.nextDouble() * 360, 89 + random.nextDouble());
            case 1 -> new SkyPosition(random.nextDouble() * 360, -89 - random.nextDouble());
            case 2 -> new SkyPosition(random.nextBoolean() ? 0.2 : 359.8, 180 * random.nextDouble() - 90);
            case 3 -> new SkyPosition(266 + 20 * random.nextDouble(), -40 + 30 * random.nextDouble());
            default -> SkyPosition.ofVector(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
        };
    }
}
