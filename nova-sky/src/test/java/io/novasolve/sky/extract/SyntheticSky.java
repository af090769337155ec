package io.novasolve.sky.extract;

import io.novasolve.sky.picture.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Renders frames with stars at known places. Positions are FITS pixels: the centre of the first pixel is (1, 1). */
final class SyntheticSky {

    record Star(double x, double y, double flux) {}

    final int width;
    final int height;
    final List<Star> stars = new ArrayList<>();
    private final float[] values;
    private final Random random;

    SyntheticSky(int width, int height, long seed) {
        this.width = width;
        this.height = height;
        this.values = new float[width * height];
        this.random = new Random(seed);
    }

    /** Flux of a star whose matched-filter signal is this many times the noise. */
    static double fluxFor(double signalToNoise, double noise, double psf) {
        return signalToNoise * noise * 2 * Math.sqrt(Math.PI) * psf;
    }

    /** Adds stars at random places, no two nearer than {@code apart}, with a power law of fluxes as on the real sky. */
    SyntheticSky stars(int count, double faintest, double brightest, double psf, double apart) {
        while (stars.size() < count) {
            double x = 10 + random.nextDouble() * (width - 20);
            double y = 10 + random.nextDouble() * (height - 20);
            double flux = faintest * Math.pow(brightest / faintest, Math.pow(random.nextDouble(), 2));
            if (stars.stream().allMatch(star -> Math.hypot(star.x() - x, star.y() - y) >= apart)) {
                star(x, y, flux, psf);
            }
        }
        return this;
    }

    SyntheticSky star(double x, double y, double flux, double psf) {
        stars.add(new Star(x, y, flux));
        return glow(x, y, flux / (2 * Math.PI * psf * psf), psf);
    }

    /** Adds a Gaussian that is not a star. */
    SyntheticSky glow(double x, double y, double peak, double sigma) {
        int reach = (int) Math.ceil(6 * sigma);
        for (int row = Math.max(0, (int) y - reach); row < Math.min(height, (int) y + reach); row++) {
            for (int column = Math.max(0, (int) x - reach); column < Math.min(width, (int) x + reach); column++) {
                double dx = column + 1 - x;
                double dy = row + 1 - y;
                values[row * width + column] += (float) (peak * Math.exp(-0.5 * (dx * dx + dy * dy) / (sigma * sigma)));
            }
        }
        return this;
    }

    /** Adds a level that rises over the width and the height. */
    SyntheticSky sky(double level, double overWidth, double overHeight) {
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (level + overWidth * (i % width) / width + overHeight * (i / width) / height);
        }
        return this;
    }

    SyntheticSky noise(double sigma) {
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (sigma * random.nextGaussian());
        }
        return this;
    }

    SyntheticSky hotPixels(int count, double value) {
        for (int i = 0; i < count; i++) {
            values[random.nextInt(values.length)] += (float) value;
        }
        return this;
    }

    SyntheticSky hotColumn(int x, double value) {
        return rectangle(x, 1, 1, height, value);
    }

    SyntheticSky rectangle(int x, int y, int wide, int high, double value) {
        for (int row = y - 1; row < y - 1 + high; row++) {
            for (int column = x - 1; column < x - 1 + wide; column++) {
                values[row * width + column] += (float) value;
            }
        }
        return this;
    }

    /** Sets a rectangle to one value, NaN included. */
    SyntheticSky fill(int x, int y, int wide, int high, float value) {
        for (int row = y - 1; row < y - 1 + high; row++) {
            java.util.Arrays.fill(values, row * width + x - 1, row * width + x - 1 + wide, value);
        }
        return this;
    }

    /** Adds a straight trail with a Gaussian profile from edge to edge. */
    SyntheticSky trail(double yLeft, double yRight, double peak, double sigma) {
        double slope = (yRight - yLeft) / width;
        for (int i = 0; i < values.length; i++) {
            double d = (i / width + 1 - yLeft - slope * (i % width + 1)) / Math.hypot(1, slope);
            values[i] += (float) (peak * Math.exp(-0.5 * d * d / (sigma * sigma)));
        }
        return this;
    }

    /** Whole numbers from 0 to {@code white}, as a camera stores them. */
    SyntheticSky quantise(int white) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, Math.min(white, Math.round(values[i])));
        }
        return this;
    }

    SyntheticSky negative(double white) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (white - values[i]);
        }
        return this;
    }

    /** Each pixel repeated in a block, so that the frame grows. */
    Picture enlarged(int factor) {
        Picture small = picture();
        return new Rendered(width * factor, height * factor, (y, row) -> {
            float[] line = new float[width];
            small.readRow(y / factor, line);
            for (int x = 0; x < row.length; x++) {
                row[x] = line[x / factor];
            }
        });
    }

    Picture picture() {
        return new Rendered(width, height, (y, row) -> System.arraycopy(values, y * width, row, 0, width));
    }

    interface RowReader {
        void read(int y, float[] row);
    }

    record Rendered(int width, int height, RowReader reader) implements Picture {
        @Override
        public void readRow(int y, float[] brightness) {
            reader.read(y, brightness);
        }
    }
}
