package io.novasolve.sky.solution;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsTable;
import io.novasolve.sky.internal.FitsWriting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code rdls.fits}: the catalogue stars of the index within the picture. */
final class RdlsFile {

    private static final String MAGNITUDE = "MAG";

    private RdlsFile() {}

    static byte[] write(List<ReferenceStar> stars) {
        FitsWriting.Columns columns = new FitsWriting.Columns()
                .add(
                        "RA",
                        "deg",
                        stars.stream().mapToDouble(s -> s.position().raDeg()).toArray())
                .add(
                        "DEC",
                        "deg",
                        stars.stream().mapToDouble(s -> s.position().decDeg()).toArray());
        if (stars.stream().anyMatch(s -> Double.isFinite(s.magnitude()))) {
            columns.add(
                    MAGNITUDE,
                    "mag",
                    stars.stream().mapToDouble(ReferenceStar::magnitude).toArray());
        }
        return FitsWriting.table(columns, header -> {});
    }

    /** The magnitude is the first column whose name begins with MAG, as the tag-along columns of indexes have it. */
    static List<ReferenceStar> read(byte[] content, String name) throws UnreadableInputException {
        FitsTable table = Tables.first(content, name);
        double[] ra = table.numbers("RA");
        double[] dec = table.numbers("DEC");
        Optional<String> magnitudes = table.firstBeginning(MAGNITUDE).filter(table::hasNumbers);
        List<ReferenceStar> stars = new ArrayList<>();
        for (int i = 0; i < table.rows(); i++) {
            double magnitude = magnitudes.isPresent() ? table.number(i, magnitudes.get(), 0) : Double.NaN;
            stars.add(new ReferenceStar(Tables.sky(ra[i], dec[i], name, i), magnitude));
        }
        return stars;
    }
}
