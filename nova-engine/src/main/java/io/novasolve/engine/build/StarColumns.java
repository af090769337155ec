package io.novasolve.engine.build;

import io.novasolve.sky.UnreadableInputException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a star table hold what; names are found whatever their case.
 *
 * @param ra right ascension, degrees
 * @param dec declination, degrees
 * @param magnitude brightness
 * @param pmRa proper motion in RA · cos(Dec), mas a year, or null
 * @param pmDec proper motion in Dec, mas a year, or null
 */
record StarColumns(String ra, String dec, String magnitude, @Nullable String pmRa, @Nullable String pmDec) {

    private static final List<String> RA =
            List.of("RA", "RA_DEG", "RADEG", "RAJ2000", "RA_J2000", "RA_ICRS", "RAICRS", "_RAJ2000", "ALPHA_J2000");
    private static final List<String> DEC = List.of(
            "DEC",
            "DEC_DEG",
            "DEDEG",
            "DEJ2000",
            "DECJ2000",
            "DEC_J2000",
            "DE_ICRS",
            "DEICRS",
            "_DEJ2000",
            "DELTA_J2000");
    private static final List<String> MAGNITUDE = List.of(
            "MAG", "MAGNITUDE", "PHOT_G_MEAN_MAG", "GMAG", "VMAG", "VTMAG", "MAG_G", "MAG_V", "MAG_VT", "MAG_HP");
    private static final List<String> PM_RA = List.of("PMRA", "PM_RA", "PMRACOSDEC");
    private static final List<String> PM_DEC = List.of("PMDEC", "PMDE", "PM_DEC");

    /**
     * Finds the columns by the names that catalogues use.
     *
     * @param magnitude name of the magnitude column, or null to look for a usual one
     * @return null if this is no star table at all, having no RA or no Dec
     * @throws UnreadableInputException if it has positions but no magnitude
     */
    static @Nullable StarColumns find(Collection<String> names, @Nullable String magnitude, String source)
            throws UnreadableInputException {
        String ra = first(RA, names);
        String dec = first(DEC, names);
        if (ra == null || dec == null) {
            return null;
        }
        String mag = first(magnitude == null ? MAGNITUDE : List.of(magnitude), names);
        if (mag == null) {
            throw new UnreadableInputException(source + " has no column "
                    + (magnitude == null ? "of magnitudes such as MAG" : magnitude) + "; it has "
                    + String.join(", ", names) + ": name one of them");
        }
        return new StarColumns(ra, dec, mag, first(PM_RA, names), first(PM_DEC, names));
    }

    private static @Nullable String first(List<String> wanted, Collection<String> names) {
        for (String want : wanted) {
            for (String name : names) {
                if (name.toUpperCase(Locale.ROOT).equals(want.toUpperCase(Locale.ROOT))) {
                    return name;
                }
            }
        }
        return null;
    }

    static UnreadableInputException noPositions(String source) {
        return new UnreadableInputException(
                source + " has no columns RA and DEC (degrees): a star table needs RA, DEC and a magnitude");
    }
}
