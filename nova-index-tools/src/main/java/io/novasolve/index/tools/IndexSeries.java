package io.novasolve.index.tools;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A published family of index files.
 *
 * @param name such as {@code 4100} or {@code 5200_LITE}
 * @param catalogue which stars it is made of
 * @param licence under which terms, in a few words
 * @param path folder below the base URL of a mirror
 * @param url folder of the publisher; null if the files are not downloaded one by one
 * @param scales what there is, narrow fields first
 */
public record IndexSeries(
        String name, String catalogue, String licence, String path, @Nullable URI url, List<Scale> scales) {

    private static final double[] LADDER_ARCMIN = {
        2, 2.8, 4, 5.6, 8, 11, 16, 22, 30, 42, 60, 85, 120, 170, 240, 340, 480, 680, 1000, 1400, 2000
    };

    /** Number of scales on the customary ladder, 00 to 19. */
    static final int LADDER_STEPS = LADDER_ARCMIN.length - 1;

    public IndexSeries {
        scales = List.copyOf(scales);
    }

    /**
     * One step of the ladder of scales in a series.
     *
     * @param number 0 (2′–2.8′) to 19 (1400′–2000′)
     * @param tiles files that share the sky; 1 for a single file
     * @param megabytes of all tiles, about; NaN if unknown
     * @param filePattern file name, with {@code {tile}} for the tile's two digits
     */
    public record Scale(int number, int tiles, double megabytes, String filePattern) {

        /** @throws IllegalArgumentException if the scale is not on the ladder or has no tile */
        public Scale {
            if (number < 0 || number >= LADDER_STEPS || tiles < 1) {
                throw new IllegalArgumentException("there is no scale " + number + " with " + tiles + " tiles");
            }
        }

        /** Size of the smallest quads, in arcminutes. */
        public double minArcmin() {
            return minArcmin(number);
        }

        /** Size of the largest quads, in arcminutes. */
        public double maxArcmin() {
            return minArcmin(number + 1);
        }

        static double minArcmin(int number) {
            return LADDER_ARCMIN[number];
        }

        /** The names of all files. */
        public List<String> files() {
            return IntStream.range(0, tiles)
                    .mapToObj(tile -> filePattern.replace("{tile}", String.format(Locale.ROOT, "%02d", tile)))
                    .toList();
        }

        /** Size of all files in megabytes, about. */
        public OptionalDouble size() {
            return Double.isNaN(megabytes) ? OptionalDouble.empty() : OptionalDouble.of(megabytes);
        }
    }

    /** The scale of a number. */
    public Optional<Scale> scale(int number) {
        return scales.stream().filter(s -> s.number() == number).findFirst();
    }

    /** Whether the files can be fetched one by one from a server. */
    public boolean isDownloadable() {
        return url != null;
    }
}
