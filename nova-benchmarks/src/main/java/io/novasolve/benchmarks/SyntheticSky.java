package io.novasolve.benchmarks;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.engine.index.KdTree;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Star lists of imaginary pictures of the real sky with known truth, and all that goes wrong on real ones: poor centroids,
 * missing and false stars, a lens that distorts, either parity.
 */
final class SyntheticSky {

    static final int WIDTH = 1600;
    static final int HEIGHT = 1200;
    private static final double HALF = Math.hypot(WIDTH, HEIGHT) / 2;
    private static final double PX = (WIDTH + 1) / 2.0;
    private static final double PY = (HEIGHT + 1) / 2.0;

    /** Galactic north pole and centre, J2000 degrees. */
    private static final double[] POLE = new SkyPosition(192.85948, 27.12825).unitVector();

    private static final double[] GALACTIC_CENTRE = new SkyPosition(266.40510, -28.93617).unitVector();

    /**
     * What a picture is like.
     *
     * @param region where it is: a name for tables
     * @param noisePx standard error of a position, per axis
     * @param missing fraction of the stars that are not on the list
     * @param spurious fraction of the list that is no star
     * @param barrel displacement towards the middle at the corner, as a fraction of the half diagonal; negative: away
     */
    record Recipe(
            String region,
            SkyPosition centre,
            double widthDeg,
            boolean mirrored,
            double turn,
            double noisePx,
            double missing,
            double spurious,
            double barrel,
            int stars) {}

    private SyntheticSky() {}

    /** A recipe drawn at random; which kind of place, distortion and centroids follow from the number. */
    static Recipe draw(int number, double widthDeg, Random random) {
        String[] regions = {"pole", "ra0", "galactic plane", "galactic pole", "anywhere"};
        String region = regions[number % regions.length];
        SkyPosition centre = place(region, random);
        boolean poor = number % 4 == 3;
        double noise = poor ? 1.5 + 0.5 * random.nextDouble() : 0.3 + 0.9 * random.nextDouble();
        double barrel = number % 2 == 0 ? 0 : 0.01 * (2 * random.nextDouble() - 1);
        return new Recipe(
                region,
                centre,
                widthDeg,
                random.nextBoolean(),
                2 * Math.PI * random.nextDouble(),
                noise,
                0.2 * random.nextDouble(),
                0.2 + 0.3 * random.nextDouble(),
                barrel,
                150);
    }

    private static SkyPosition place(String region, Random random) {
        double sign = random.nextBoolean() ? 1 : -1;
        switch (region) {
            case "pole":
                return new SkyPosition(360 * random.nextDouble(), sign * (89 + random.nextDouble()));
            case "ra0":
                return new SkyPosition(
                        sign > 0 ? 0.2 * random.nextDouble() : 360 - 0.2 * random.nextDouble(),
                        Math.toDegrees(Math.asin(1.9 * random.nextDouble() - 0.95)));
            case "galactic plane":
                double longitude = 2 * Math.PI * random.nextDouble();
                double[] quarter = cross(POLE, GALACTIC_CENTRE);
                return SkyPosition.ofVector(
                        combine(Math.cos(longitude), Math.sin(longitude), GALACTIC_CENTRE, quarter, 0),
                        combine(Math.cos(longitude), Math.sin(longitude), GALACTIC_CENTRE, quarter, 1),
                        combine(Math.cos(longitude), Math.sin(longitude), GALACTIC_CENTRE, quarter, 2));
            case "galactic pole":
                return SkyPosition.ofVector(
                        sign * POLE[0] + 0.04 * random.nextGaussian(),
                        sign * POLE[1] + 0.04 * random.nextGaussian(),
                        sign * POLE[2] + 0.04 * random.nextGaussian());
            default:
                return SkyPosition.ofVector(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
        }
    }

    private static double combine(double p, double q, double[] a, double[] b, int k) {
        return p * a[k] + q * b[k];
    }

    private static double focal(Recipe r) {
        return WIDTH / 2.0 / Math.tan(Math.toRadians(r.widthDeg()) / 2);
    }

    /** Arcseconds per pixel in the middle. */
    static double scaleArcsec(Recipe r) {
        return Math.toDegrees(3600 / focal(r));
    }

    /** Where a direction falls on the picture, true place; null behind it. */
    static PixelPosition toPixel(Recipe r, double[] v) {
        double[] axis = r.centre().unitVector();
        double ra = Math.toRadians(r.centre().raDeg());
        double[] east = {-Math.sin(ra), Math.cos(ra), 0};
        double[] north = cross(axis, east);
        double along = dot(v, axis);
        double focal = focal(r);
        double e = dot(v, east) / along * focal * (r.mirrored() ? 1 : -1);
        double n = dot(v, north) / along * focal;
        double x = e * Math.cos(r.turn()) - n * Math.sin(r.turn());
        double y = e * Math.sin(r.turn()) + n * Math.cos(r.turn());
        double factor = 1 - r.barrel() * (x * x + y * y) / (HALF * HALF);
        return new PixelPosition(PX + x * factor, PY + y * factor);
    }

    /** Distance of a solution's middle from the truth, in pixels. */
    static double centreErrorPx(Recipe r, Wcs wcs) {
        return wcs.pixelToSky(PX, PY).separationDeg(r.centre()) * 3600 / scaleArcsec(r);
    }

    /** Root mean square error at places near the four corners, in pixels: those where a solution has them. */
    static double cornerErrorPx(Recipe r, Wcs wcs) {
        double sum = 0;
        for (int k = 0; k < 4; k++) {
            double x = PX + (k % 2 == 0 ? -1 : 1) * 0.48 * WIDTH;
            double y = PY + (k / 2 == 0 ? -1 : 1) * 0.48 * HEIGHT;
            PixelPosition there = toPixel(r, wcs.pixelToSky(x, y).unitVector());
            sum += Math.pow(there.x() - x, 2) + Math.pow(there.y() - y, 2);
        }
        return Math.sqrt(sum / 4);
    }

    /** The list of a picture, brightest star first. */
    static StarList stars(IndexLibrary library, Recipe recipe, Random random) {
        Index index = source(library, recipe.widthDeg());
        KdTree.Hits hits = new KdTree.Hits();
        double reach = Math.atan(1.05 * HALF / focal(recipe));
        index.stars().search(recipe.centre().unitVector(), 2 * Math.sin(reach / 2), hits);
        record Seen(double x, double y, double magnitude) {}
        List<Seen> seen = new ArrayList<>();
        double[] v = new double[3];
        for (int i = 0; i < hits.count(); i++) {
            int star = index.starAt(hits.position(i));
            index.star(star, v);
            PixelPosition place = toPixel(recipe, v);
            double x = place.x() + random.nextGaussian() * recipe.noisePx();
            double y = place.y() + random.nextGaussian() * recipe.noisePx();
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
        return StarList.of(
                WIDTH,
                HEIGHT,
                list.stream().mapToDouble(p -> p[0]).toArray(),
                list.stream().mapToDouble(p -> p[1]).toArray());
    }

    /** An index dense enough for the width and no denser than needed: what a picture of that width shows. */
    private static Index source(IndexLibrary library, double widthDeg) {
        int wanted = widthDeg > 30 ? 90_000 : widthDeg > 8 ? 360_000 : 2_000_000;
        return library.indexes().stream()
                .filter(i -> i.starCount() <= wanted)
                .max(Comparator.comparingInt(Index::starCount))
                .orElseThrow();
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {
            a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
        };
    }
}
