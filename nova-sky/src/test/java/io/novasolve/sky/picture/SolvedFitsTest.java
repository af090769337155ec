package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import nom.tam.fits.ImageHDU;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SolvedFitsTest {

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void keepsTheSamplesAndAddsTheWcs(PictureFormat format) throws IOException {
        byte[] picture = TestPictures.grey(format, 40, 30);

        byte[] fits = solved(picture);

        assertThat(fits.length % 2880).isZero();
        assertThat(WcsFile.read(fits, "new.fits")).isEqualTo(wcs());
        Picture before = new PictureReader().read(picture, "picture");
        Picture after = new PictureReader().read(fits, "new.fits");
        float[] wanted = new float[40];
        float[] found = new float[40];
        for (int y = 0; y < 30; y++) {
            before.readRow(y, wanted);
            after.readRow(y, found);
            assertThat(found).as("row %d", y).containsExactly(wanted);
        }
    }

    @Test
    void coloursArePlanesWithTheTopRowFirst() throws Exception {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(2, 0, 0xff8040);

        byte[] fits = solved(TestPictures.encode(image, PictureFormat.PNG));

        try (Fits file = new Fits(new ByteArrayInputStream(fits))) {
            ImageHDU hdu = (ImageHDU) file.readHDU();
            byte[][][] planes = (byte[][][]) hdu.getKernel();
            assertThat(hdu.getHeader().getStringValue("CTYPE3")).isEqualTo("RGB");
            assertThat(planes).hasDimensions(3, 4);
            assertThat(planes[0][0][2] & 0xff).isEqualTo(0xff);
            assertThat(planes[1][0][2] & 0xff).isEqualTo(0x80);
            assertThat(planes[2][0][2] & 0xff).isEqualTo(0x40);
            assertThat(planes[0][3][2]).isZero();
        }
    }

    @Test
    void sixteenBitsStaySixteen() throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(1, 0, 0, 65535);
        image.getRaster().setSample(2, 1, 0, 40000);

        byte[] fits = solved(TestPictures.encode(image, PictureFormat.PNG));

        Picture picture = new PictureReader().read(fits, "new.fits");
        float[] row = new float[3];
        picture.readRow(0, row);
        assertThat(row).containsExactly(0, 65535, 0);
        picture.readRow(1, row);
        assertThat(row).containsExactly(0, 0, 40000);
        assertThat(new String(fits, 0, 2880, StandardCharsets.US_ASCII)).contains("BITPIX  =                   16");
    }

    @Test
    void aFitsFileKeepsPlanesCardsAndExtensions() throws Exception {
        byte[] original;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            short[][][] cube = new short[4][30][40];
            cube[3][29][39] = 1234;
            fits.addHDU(Fits.makeHDU(cube));
            Header header = fits.getHDU(0).getHeader();
            header.addValue("OBSERVER", "Emile", "kept");
            header.addValue("CRVAL1", 12.5, "an old WCS");
            header.addValue("CTYPE1", "RA---TPV", "");
            header.addValue("PV1_1", 1.0, "");
            header.addValue("CD1_1", 3.0, "");
            header.addValue("CTYPE3", "FREQ", "kept");
            header.addValue("CDELT3", 2.5, "kept");
            header.addValue("CRVAL1A", 99.5, "kept: another description");
            header.insertComment("CRVAL1 of a comment is kept");
            fits.addHDU(Fits.makeHDU(new float[7][8]));
            fits.write(new nom.tam.util.FitsOutputStream(bytes));
            original = bytes.toByteArray();
        }

        byte[] solved = solved(original);

        assertThat(WcsFile.read(solved, "new.fits")).isEqualTo(wcs());
        try (Fits file = new Fits(new ByteArrayInputStream(solved))) {
            Header header = file.getHDU(0).getHeader();
            assertThat(header.getStringValue("OBSERVER")).isEqualTo("Emile");
            assertThat(header.getStringValue("CTYPE3")).isEqualTo("FREQ");
            assertThat(header.getDoubleValue("CD3_3")).isEqualTo(2.5);
            assertThat(header.getDoubleValue("CRVAL1A")).isEqualTo(99.5);
            assertThat(header.containsKey("PV1_1")).isFalse();
            assertThat(((short[][][]) file.getHDU(0).getKernel())[3][29][39]).isEqualTo((short) 1234);
            assertThat(file.getHDU(1).getHeader().getIntValue("NAXIS1")).isEqualTo(8);
            assertThat(file.getHDU(2)).isNull();
        }
        String text = new String(solved, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("CRVAL1 of a comment is kept").contains("HISTORY CTYPE1  = 'RA---TPV'");
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void ofAFileItIsTheSame(PictureFormat format, @TempDir Path folder) throws IOException {
        byte[] picture = TestPictures.grey(format, 40, 30);
        Path file = Files.write(folder.resolve("picture"), picture);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        SolvedFits.write(file, wcs(), out);

        assertThat(out.toByteArray()).isEqualTo(solved(picture));
        assertThat(samples(new PictureReader().readImage(file)))
                .isEqualTo(samples(new PictureReader().readImage(picture, "picture")));
    }

    private static int[] samples(BufferedImage image) {
        return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    }

    @Test
    void aSecondSolutionReplacesTheFirst() throws IOException {
        byte[] once = solved(TestPictures.grey(PictureFormat.FITS, 40, 30));
        Wcs other = wcs().linear();

        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        SolvedFits.write(once, "once.fits", other, twice);

        assertThat(WcsFile.read(twice.toByteArray(), "twice")).isEqualTo(other);
    }

    @Test
    void paddingThatGotLostIsPutBack() throws IOException {
        byte[] whole = TestPictures.grey(PictureFormat.FITS, 40, 30);

        byte[] solved = solved(Arrays.copyOf(whole, 2880 + 1200));

        assertThat(solved.length % 2880).isZero();
    }

    @Test
    void whatIsNoPictureIsSaidSo() {
        assertThatThrownBy(() -> solved("x,y\n1,2\n".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("picture");
    }

    private static byte[] solved(byte[] picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SolvedFits.write(picture, "picture", wcs(), out);
        return out.toByteArray();
    }

    private static Wcs wcs() {
        PixelPosition crpix = new PixelPosition(20.5, 15.25);
        SipPolynomial a = SipPolynomial.of(2, new double[][] {{0, 0, 1e-6}, {0, 2e-6}, {-3e-6}});
        SipPolynomial b = SipPolynomial.of(2, new double[][] {{0, 0, 2e-6}, {0, -1e-6}, {1e-6}});
        return new Wcs(
                new SkyPosition(83.8, -5.4),
                crpix,
                -0.01,
                0.001,
                0.0012,
                0.0099,
                Sip.forward(a, b, crpix, 40, 30),
                40,
                30);
    }
}
