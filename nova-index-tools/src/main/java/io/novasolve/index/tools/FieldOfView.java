package io.novasolve.index.tools;

/**
 * How much of the sky a picture shows.
 *
 * @param widthDeg true angle across, in degrees
 * @param heightDeg true angle from bottom to top, in degrees
 */
public record FieldOfView(double widthDeg, double heightDeg) {

    /** @throws IllegalArgumentException if an angle is not within 0…180 */
    public FieldOfView {
        if (!(widthDeg > 0 && widthDeg <= 180 && heightDeg > 0 && heightDeg <= 180)) {
            throw new IllegalArgumentException(
                    "a field measures more than 0 and up to 180 degrees, not " + widthDeg + " by " + heightDeg);
        }
    }

    /**
     * What a lens or telescope shows on a sensor: 2·atan(size / 2f).
     *
     * @throws IllegalArgumentException if a length is not positive
     */
    public static FieldOfView ofOptics(double focalMm, double sensorWidthMm, double sensorHeightMm) {
        if (!(focalMm > 0 && sensorWidthMm > 0 && sensorHeightMm > 0)) {
            throw new IllegalArgumentException("focal length and sensor size are millimetres above 0");
        }
        return new FieldOfView(angle(sensorWidthMm, focalMm), angle(sensorHeightMm, focalMm));
    }

    private static double angle(double size, double focal) {
        return 2 * Math.toDegrees(Math.atan(size / 2 / focal));
    }

    double shortSideArcmin() {
        return 60 * Math.min(widthDeg, heightDeg);
    }
}
