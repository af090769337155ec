package io.novasolve.sky.solution;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsTable;
import io.novasolve.sky.internal.FitsWriting;
import io.novasolve.sky.stars.StarList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** {@code corr.fits}: one row for each matched star. */
final class CorrFile {

    private CorrFile() {}

    static byte[] write(List<MatchedStar> stars, @Nullable StarList list) {
        FitsWriting.Columns columns = new FitsWriting.Columns()
                .add("field_x", "pixels", doubles(stars, s -> s.field().x()))
                .add("field_y", "pixels", doubles(stars, s -> s.field().y()))
                .add("field_ra", "degrees", doubles(stars, s -> s.fieldSky().raDeg()))
                .add("field_dec", "degrees", doubles(stars, s -> s.fieldSky().decDeg()))
                .add("index_x", "pixels", doubles(stars, s -> s.index().x()))
                .add("index_y", "pixels", doubles(stars, s -> s.index().y()))
                .add("index_ra", "degrees", doubles(stars, s -> s.indexSky().raDeg()))
                .add("index_dec", "degrees", doubles(stars, s -> s.indexSky().decDeg()))
                .add("index_id", "none", ints(stars, MatchedStar::indexRow))
                .add("field_id", "none", ints(stars, MatchedStar::fieldRow))
                .add("match_weight", "none", doubles(stars, MatchedStar::weight));
        if (list != null) {
            float[] flux = new float[stars.size()];
            float[] background = new float[stars.size()];
            for (int i = 0; i < flux.length; i++) {
                flux[i] = list.flux(stars.get(i).fieldRow());
                background[i] = list.background(stars.get(i).fieldRow());
            }
            columns.add("FLUX", "", flux).add("BACKGROUND", "", background);
        }
        return FitsWriting.table(columns, header -> {});
    }

    static List<MatchedStar> read(byte[] content, String name) throws UnreadableInputException {
        FitsTable table = Tables.first(content, name);
        double[] fieldX = table.numbers("field_x");
        double[] fieldY = table.numbers("field_y");
        double[] fieldRa = table.numbers("field_ra");
        double[] fieldDec = table.numbers("field_dec");
        double[] indexX = table.numbers("index_x");
        double[] indexY = table.numbers("index_y");
        double[] indexRa = table.numbers("index_ra");
        double[] indexDec = table.numbers("index_dec");
        double[] indexId = table.numbers("index_id");
        double[] fieldId = table.numbers("field_id");
        double[] weight = table.numbers("match_weight");
        List<MatchedStar> stars = new ArrayList<>();
        for (int i = 0; i < table.rows(); i++) {
            stars.add(new MatchedStar(
                    pixel(fieldX[i], fieldY[i], name, i),
                    Tables.sky(fieldRa[i], fieldDec[i], name, i),
                    pixel(indexX[i], indexY[i], name, i),
                    Tables.sky(indexRa[i], indexDec[i], name, i),
                    (int) fieldId[i],
                    (int) indexId[i],
                    weight[i]));
        }
        return stars;
    }

    private static PixelPosition pixel(double x, double y, String name, int row) throws UnreadableInputException {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            throw Tables.badRow(name, row, "the pixel position (" + x + ", " + y + ")");
        }
        return new PixelPosition(x, y);
    }

    private static double[] doubles(List<MatchedStar> stars, ToDoubleFunction<MatchedStar> value) {
        return stars.stream().mapToDouble(value).toArray();
    }

    private static int[] ints(List<MatchedStar> stars, ToIntFunction<MatchedStar> value) {
        return stars.stream().mapToInt(value).toArray();
    }
}
