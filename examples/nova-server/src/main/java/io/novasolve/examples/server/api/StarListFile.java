package io.novasolve.examples.server.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.FitsException;
import nom.tam.fits.NullDataHDU;
import nom.tam.util.FitsOutputStream;

/** Makes a FITS table of star positions, as the original stores the lists that come in JSON. */
final class StarListFile {

    private StarListFile() {}

    /** Columns {@code x} and {@code y} of doubles in the first extension. */
    static byte[] of(double[] x, double[] y) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * x.length + 8640);
        try (FitsOutputStream out = new FitsOutputStream(bytes)) {
            BinaryTable table = new BinaryTable();
            table.addColumn(x);
            table.addColumn(y);
            BinaryTableHDU hdu = table.toHDU();
            hdu.setColumnName(0, "x", null);
            hdu.setColumnName(1, "y", null);
            new NullDataHDU().write(out);
            hdu.write(out);
        } catch (FitsException | IOException e) {
            throw new IllegalStateException("writing a FITS table to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
