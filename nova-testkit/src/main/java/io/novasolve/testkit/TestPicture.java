package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A picture of the real sky and what is known of it: a row of {@code truth.tsv}.
 *
 * @param file name within the folder of pictures
 * @param width in pixels
 * @param height in pixels
 * @param expectation what a solver should make of it
 * @param truth where it points, unless nobody has solved it
 * @param optionsNeeded what the original needed to solve it, such as {@code d1}; blank if nothing
 */
public record TestPicture(
        String file, int width, int height, Expectation expectation, Optional<Truth> truth, String optionsNeeded) {

    /** What a solver should make of a picture. */
    public enum Expectation {
        /** It must solve. */
        SOLVE,
        /** It has no solution. */
        NO_SOLUTION,
        /** A real field that the original did not solve. */
        STRETCH
    }

    /**
     * Where a picture points.
     *
     * @param centre of the picture
     * @param pixelScaleArcsec at the centre
     * @param fieldWidthDeg true angle across the middle
     * @param fieldHeightDeg true angle across the middle
     * @param orientationAtCentreDeg as {@link Wcs#orientationAtCentreDeg}
     * @param parity with row 1 as y = 1
     */
    public record Truth(
            SkyPosition centre,
            double pixelScaleArcsec,
            double fieldWidthDeg,
            double fieldHeightDeg,
            double orientationAtCentreDeg,
            Parity parity) {

        /** Fields wider than this have distortions that solvers fit differently. */
        private static final double WIDE_DEG = 12;

        /** Fails unless a WCS agrees, within what two runs of the original agree to. */
        public void assertAgrees(Wcs wcs) {
            double slack = fieldWidthDeg > WIDE_DEG ? 2 : 1;
            assertThat(wcs.parity()).as("parity").isEqualTo(parity);
            assertThat(wcs.centre().separationDeg(centre))
                    .as("distance of the centre from the true one, degrees")
                    .isLessThanOrEqualTo(slack * Math.max(pixelScaleArcsec / 3600, 0.01));
            assertThat(scaleAtCentre(wcs) / pixelScaleArcsec)
                    .as("scale over the true one")
                    .isCloseTo(1, within(slack * 0.005));
            double turn = Math.IEEEremainder(wcs.orientationAtCentreDeg() - orientationAtCentreDeg, 360);
            assertThat(turn).as("rotation from the true one, degrees").isCloseTo(0, within(slack * 0.3));
        }

        /** The reference pixel, and so the CD matrix, may be far from the middle. */
        private static double scaleAtCentre(Wcs wcs) {
            PixelPosition c = wcs.centrePixel();
            double x = wcs.pixelToSky(c.x() - 5, c.y()).separationDeg(wcs.pixelToSky(c.x() + 5, c.y()));
            double y = wcs.pixelToSky(c.x(), c.y() - 5).separationDeg(wcs.pixelToSky(c.x(), c.y() + 5));
            return 3600 * Math.sqrt(x * y) / 10;
        }
    }

    /** The picture itself. */
    public Path path() {
        return Surroundings.pictureFolder().resolve(file);
    }

    /** The job file that the native tools made of it; there is one for each that must solve. */
    public Path nativeJob() {
        return Surroundings.pictureFolder().resolve("native").resolve(baseName() + ".axy");
    }

    /** The solution of the native tools. */
    public Path nativeWcs() {
        return Surroundings.pictureFolder().resolve("native").resolve(baseName() + ".wcs");
    }

    private String baseName() {
        return file.substring(0, file.lastIndexOf('.'));
    }

    @Override
    public String toString() {
        return file;
    }
}
