package io.novasolve.examples.server.field;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.FitsException;
import nom.tam.fits.NullDataHDU;
import nom.tam.util.FitsOutputStream;

/** The detected stars of a solved picture with their places on the sky: RA, DEC and the columns of the star list. */
public final class RadecFile {

    private RadecFile() {}

    /** @param wcs of the picture that the stars are on */
    public static byte[] of(StarList stars, Wcs wcs) {
        int n = stars.size();
        double[] ra = new double[n];
        double[] dec = new double[n];
        float[] x = new float[n];
        float[] y = new float[n];
        float[] flux = new float[n];
        float[] background = new float[n];
        for (int i = 0; i < n; i++) {
            SkyPosition sky = wcs.pixelToSky(stars.x(i), stars.y(i));
            ra[i] = sky.raDeg();
            dec[i] = sky.decDeg();
            x[i] = (float) stars.x(i);
            y[i] = (float) stars.y(i);
            flux[i] = stars.flux(i);
            background[i] = stars.background(i);
        }
        String[] names = {"RA", "DEC", "X", "Y", "FLUX", "BACKGROUND"};
        Object[] columns = {ra, dec, x, y, flux, background};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FitsOutputStream out = new FitsOutputStream(bytes)) {
            BinaryTable table = new BinaryTable();
            for (Object column : columns) {
                table.addColumn(column);
            }
            BinaryTableHDU hdu = table.toHDU();
            for (int i = 0; i < names.length; i++) {
                hdu.setColumnName(i, names[i], null);
            }
            new NullDataHDU().write(out);
            hdu.write(out);
        } catch (FitsException | IOException e) {
            throw new IllegalStateException("writing a FITS table to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
