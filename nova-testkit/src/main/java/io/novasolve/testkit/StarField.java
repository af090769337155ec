package io.novasolve.testkit;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A field of real stars in Orion as a camera with a known pointing would see it, or a field of stars that are nowhere.
 *
 * @param stars as extracted, brightest first
 * @param truth where the camera pointed
 */
public record StarField(StarList stars, Wcs truth) {

    private static final double WIDTH = 1200;
    private static final double HEIGHT = 900;
    private static final double NOISE_PX = 0.3;
    private static final List<SkyPosition> CATALOGUE = catalogue();

    /**
     * A field 6° wide near the celestial equator, turned by any angle, as an ordinary picture (row 1 at the top) or
     * mirrored, with noisy positions; one star in ten is lost, and one in ten is false.
     */
    public static StarField known(long seed) {
        Random random = new Random(seed);
        double scaleDeg = 6 / WIDTH;
        double angle = random.nextDouble() * 2 * Math.PI;
        double handed = random.nextBoolean() ? 1 : -1;
        Wcs truth = new Wcs(
                new SkyPosition(82 + 4 * random.nextDouble(), -2 + 4 * random.nextDouble()),
                new PixelPosition((WIDTH + 1) / 2, (HEIGHT + 1) / 2),
                scaleDeg * Math.cos(angle),
                handed * scaleDeg * -Math.sin(angle),
                scaleDeg * Math.sin(angle),
                handed * scaleDeg * Math.cos(angle),
                null,
                WIDTH,
                HEIGHT);
        return new StarField(seen(truth, random), truth);
    }

    /** Positions at random: no sky looks like this. */
    public static StarList unknown(long seed, int count) {
        Random random = new Random(seed);
        return StarList.of(
                WIDTH,
                HEIGHT,
                random.doubles(count, 0.5, WIDTH + 0.5).toArray(),
                random.doubles(count, 0.5, HEIGHT + 0.5).toArray());
    }

    private static StarList seen(Wcs truth, Random random) {
        List<PixelPosition> seen = new ArrayList<>();
        for (SkyPosition star : CATALOGUE) {
            PixelPosition p = truth.skyToPixel(star).orElseThrow();
            boolean inside = p.x() > 0.5 && p.x() < WIDTH + 0.5 && p.y() > 0.5 && p.y() < HEIGHT + 0.5;
            if (inside && random.nextInt(10) > 0) {
                seen.add(new PixelPosition(
                        p.x() + NOISE_PX * random.nextGaussian(), p.y() + NOISE_PX * random.nextGaussian()));
            }
            if (inside && random.nextInt(10) == 0) {
                seen.add(new PixelPosition(WIDTH * random.nextDouble(), HEIGHT * random.nextDouble()));
            }
        }
        return list(seen);
    }

    /** This field with stars of another list added at given distances off the picture, ahead of all others. */
    StarField withStarsOffThePicture() {
        List<PixelPosition> all = new ArrayList<>();
        all.add(new PixelPosition(-1e6, 3));
        all.add(new PixelPosition(WIDTH + 500, HEIGHT + 800));
        for (int i = 0; i < stars.size(); i++) {
            all.add(new PixelPosition(stars.x(i), stars.y(i)));
        }
        all.add(new PixelPosition(1e9, 1e9));
        return new StarField(list(all), truth);
    }

    private static StarList list(List<PixelPosition> positions) {
        int n = positions.size();
        float[] flux = new float[n];
        for (int i = 0; i < n; i++) {
            flux[i] = n - i;
        }
        return StarList.of(
                WIDTH,
                HEIGHT,
                positions.stream().mapToDouble(PixelPosition::x).toArray(),
                positions.stream().mapToDouble(PixelPosition::y).toArray(),
                flux,
                new float[n]);
    }

    private static List<SkyPosition> catalogue() {
        try (InputStream in = StarField.class.getResourceAsStream("stars.tsv");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("ra"))
                    .map(line -> line.split("\t", -1))
                    .map(cells -> new SkyPosition(Double.parseDouble(cells[0]), Double.parseDouble(cells[1])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
