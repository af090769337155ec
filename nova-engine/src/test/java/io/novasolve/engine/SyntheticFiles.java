package io.novasolve.engine;

import io.novasolve.engine.SyntheticFields.SyntheticField;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.nio.file.Path;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;

/** Writes star lists as job files of the native engine. */
final class SyntheticFiles {

    private SyntheticFiles() {}

    static void write(Path stem, SyntheticField field) throws IOException {
        writeAxy(stem, field.stars());
    }

    static void writeAxy(Path stem, StarList stars) throws IOException {
        float[] x = new float[stars.size()];
        float[] y = new float[stars.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) stars.x(i);
            y[i] = (float) stars.y(i);
        }
        try (Fits fits = new Fits()) {
            BasicHDU<?> primary = BasicHDU.getDummyHDU();
            var h = primary.getHeader();
            h.addValue("IMAGEW", stars.width(), "");
            h.addValue("IMAGEH", stars.height(), "");
            h.addValue("ANRUN", true, "");
            h.addValue("ANCLIM", 20, "");
            h.addValue("ANVERUNI", true, "");
            h.addValue("ANVERDUP", false, "");
            h.addValue("ANTWEAK", true, "");
            h.addValue("ANTWEAKO", 2, "");
            h.addValue("ANSOLVED", stem.getFileName() + ".solved", "");
            h.addValue("ANWCS", stem.getFileName() + ".wcs", "");
            fits.addHDU(primary);
            BinaryTable table = new BinaryTable();
            table.addColumn(x);
            table.addColumn(y);
            BinaryTableHDU hdu = (BinaryTableHDU) Fits.makeHDU(table);
            hdu.setColumnName(0, "X", null);
            hdu.setColumnName(1, "Y", null);
            fits.addHDU(hdu);
            fits.write(stem.resolveSibling(stem.getFileName() + ".axy").toFile());
        } catch (FitsException e) {
            throw new IOException(e);
        }
    }
}
