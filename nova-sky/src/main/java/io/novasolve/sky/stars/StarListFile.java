package io.novasolve.sky.stars;

import io.novasolve.sky.internal.FitsWriting;
import java.util.stream.IntStream;

/** A star list as a FITS table, {@code .axy}: what {@link StarListReader} and the tools of astrometry.net read. */
public final class StarListFile {

    private StarListFile() {}

    /** X and Y in double precision, FLUX and BACKGROUND in single; the size of the picture as IMAGEW and IMAGEH. */
    public static byte[] write(StarList stars) {
        int n = stars.size();
        float[] flux = new float[n];
        float[] background = new float[n];
        for (int i = 0; i < n; i++) {
            flux[i] = stars.flux(i);
            background[i] = stars.background(i);
        }
        FitsWriting.Columns columns = new FitsWriting.Columns()
                .add("X", "pix", IntStream.range(0, n).mapToDouble(stars::x).toArray())
                .add("Y", "pix", IntStream.range(0, n).mapToDouble(stars::y).toArray())
                .add("FLUX", "", flux)
                .add("BACKGROUND", "", background);
        return FitsWriting.table(columns, header -> {
            header.addValue("IMAGEW", stars.width(), "width of the picture, pixels");
            header.addValue("IMAGEH", stars.height(), "height of the picture, pixels");
        });
    }
}
