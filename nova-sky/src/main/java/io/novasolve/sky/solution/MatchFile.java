package io.novasolve.sky.solution;

import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.FitsTable;
import io.novasolve.sky.internal.FitsWriting;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code match.fits}: the accepted hypothesis, in the columns of the native engine. What a {@link Solution} does not know
 * (times, how many quads were tried, undistorted positions) is written as 0. The name of the index has no column; it is
 * the card INDEXNAM of the table's header.
 */
final class MatchFile {

    /** Places for stars in a row; unused ones are 0. */
    private static final int SLOTS = 5;

    private static final String INDEX_NAME = "INDEXNAM";

    private MatchFile() {}

    static QuadMatch read(byte[] content, String name) throws UnreadableInputException {
        FitsTable table = Tables.first(content, name);
        if (table.rows() == 0) {
            throw new UnreadableInputException(name + " has no row: it is half-written");
        }
        int stars = Math.min(SLOTS, Math.max(0, integer(table, "DIMQUADS", name)));
        double logOdds = number(table, "LOGODDS", name);
        double squaredError = number(table, "CODEERR", name);
        int indexId = integer(table, "INDEXID", name);
        return new QuadMatch(
                indexName(content, name),
                indexId,
                integer(table, "QUAD", name),
                slots(table, "STARS", stars, name),
                slots(table, "FIELDOBJS", stars, name),
                Math.sqrt(squaredError),
                logOdds,
                integer(table, "NMATCH", name),
                integer(table, "NDISTRACT", name),
                integer(table, "NCONFLICT", name),
                integer(table, "NFIELD", name),
                integer(table, "NINDEX", name));
    }

    private static String indexName(byte[] content, String name) throws UnreadableInputException {
        for (FitsHdu hdu : FitsHdu.all(content, name)) {
            String found = hdu.header().getStringValue(INDEX_NAME, "").trim();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    private static double number(FitsTable table, String column, String name) throws UnreadableInputException {
        require(table, column, 1, name);
        return table.number(0, column, 0);
    }

    private static int integer(FitsTable table, String column, String name) throws UnreadableInputException {
        return (int) number(table, column, name);
    }

    private static List<Integer> slots(FitsTable table, String column, int count, String name)
            throws UnreadableInputException {
        require(table, column, count, name);
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add((int) table.number(0, column, i));
        }
        return values;
    }

    private static void require(FitsTable table, String column, int count, String name)
            throws UnreadableInputException {
        if (!table.has(column, count) || count > 0 && !table.hasNumbers(column)) {
            throw new UnreadableInputException(name + " lacks the column " + column);
        }
    }

    static byte[] write(Solution solution) {
        QuadMatch match = solution.match();
        FitsWriting.Columns columns = new FitsWriting.Columns();
        addQuad(columns, solution);
        addCounts(columns, match);
        addWcs(columns, solution.wcs());
        addRun(columns, match, solution.wcs());
        return FitsWriting.table(columns, header -> {
            if (!match.index().isEmpty()) {
                header.addValue(INDEX_NAME, match.index(), "base name of the index file");
            }
        });
    }

    private static void addQuad(FitsWriting.Columns columns, Solution solution) {
        QuadMatch match = solution.match();
        double[] pixels = new double[2 * SLOTS];
        double[] directions = new double[3 * SLOTS];
        for (int i = 0; i < Math.min(SLOTS, match.fieldStars().size()); i++) {
            int row = match.fieldStars().get(i);
            int slot = i;
            solution.matchedStars().stream()
                    .filter(star -> star.fieldRow() == row)
                    .findFirst()
                    .ifPresent(star -> {
                        pixels[2 * slot] = star.field().x();
                        pixels[2 * slot + 1] = star.field().y();
                        System.arraycopy(star.indexSky().unitVector(), 0, directions, 3 * slot, 3);
                    });
        }
        SkyPosition centre = solution.wcs().centre();
        columns.add("QUAD", "", new int[] {match.quad()})
                .add("DIMQUADS", "", new byte[] {(byte) match.fieldStars().size()})
                .add("STARS", "", new int[][] {slots(match.indexStars())})
                .add("FIELDOBJS", "", new int[][] {slots(match.fieldStars())})
                .add("IDS", "", new long[1][SLOTS])
                .add("CODEERR", "", new float[] {(float) (match.codeError() * match.codeError())})
                .add("QUADPDI", "", new double[][] {pixels})
                .add("QUADPIX", "", new double[][] {pixels})
                .add("QUADXYZ", "", new double[][] {directions})
                .add("CENTERXYZ", "", new double[][] {centre.unitVector()})
                .add("RADIUS", "DEG", new double[] {solution.wcs().radiusDeg()});
    }

    private static int[] slots(List<Integer> values) {
        int[] slots = new int[SLOTS];
        for (int i = 0; i < Math.min(SLOTS, values.size()); i++) {
            slots[i] = values.get(i);
        }
        return slots;
    }

    private static void addCounts(FitsWriting.Columns columns, QuadMatch match) {
        columns.add("NMATCH", "", new int[] {match.matches()})
                .add("NDISTRACT", "", new int[] {match.distractors()})
                .add("NCONFLICT", "", new int[] {match.conflicts()})
                .add("NFIELD", "", new int[] {match.fieldCount()})
                .add("NINDEX", "", new int[] {match.indexCount()})
                .add("NAGREE", "", new int[1]);
    }

    private static void addWcs(FitsWriting.Columns columns, Wcs wcs) {
        columns.add("CRVAL", "", new double[][] {
                    {wcs.crval().raDeg(), wcs.crval().decDeg()}
                })
                .add("CRPIX", "", new double[][] {{wcs.crpix().x(), wcs.crpix().y()}})
                .add("CD", "", new double[][] {{wcs.cd11(), wcs.cd12(), wcs.cd21(), wcs.cd22()}})
                .add("WCS_VALID", "", new boolean[] {true});
    }

    private static void addRun(FitsWriting.Columns columns, QuadMatch match, Wcs wcs) {
        columns.add("FIELDNUM", "", new int[] {1})
                .add("FIELDID", "", new int[] {1})
                .add("INDEXID", "", new short[] {(short) match.indexId()})
                .add("HEALPIX", "", new short[] {-1})
                .add("HPNSIDE", "", new short[1])
                .add("FIELDNAME", "", new String[] {String.join("", Collections.nCopies(31, " "))})
                .add("PARITY", "", new boolean[] {wcs.parity() == Parity.NEG})
                .add("QTRIED", "", new int[1])
                .add("QMATCHED", "", new int[1])
                .add("QSCALEOK", "", new int[1])
                .add("QPEERS", "", new short[1])
                .add("NVERIFIED", "", new int[1])
                .add("TIMEUSED", "s", new float[1])
                .add("LOGODDS", "", new float[] {(float) match.logOdds()})
                .add("WORSTLOGODDS", "", new float[1]);
    }
}
