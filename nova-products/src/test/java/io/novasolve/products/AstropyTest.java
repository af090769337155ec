package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.RequiresProgram;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsFactory;
import nom.tam.fits.Header;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.header.Compression;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import nom.tam.util.FitsOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files as astropy sees them: the same sky, to a billionth of a degree. */
@RequiresProgram("python3")
@Tag("once")
class AstropyTest {

    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();
    private static final long SEED = Long.getLong("nova.test.seed", 20261124);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"84, 0, 50, 10", "0.1, 30, 8, 200", "10.7, 41.3, 1.5, 77", "30, 88, 12, 0", "266, -29, 70, 120"})
    void agrees(double ra, double dec, double widthDeg, double roll) throws Exception {
        Wcs wcs = Fields.wcs(ra, dec, widthDeg, roll, 300, 200);
        Solution solution = Fields.solution(wcs, CATALOGUE);
        write("p", png(BufferedImage.TYPE_3BYTE_BGR), solution, Product.values());
        write("grey", png(BufferedImage.TYPE_USHORT_GRAY), solution, Product.NEW_FITS);
        write("cube", fits(new short[4][200][300]), solution, Product.NEW_FITS);
        write("float", fits(new float[200][300]), solution, Product.NEW_FITS);
        write("tiled", kept("tiled", tiled()), solution, Product.NEW_FITS);
        write("several", kept("several", several()), solution, Product.NEW_FITS);
        positions(wcs);

        String answer = astropy(
                "p.wcs",
                "p.new.fits",
                "grey.new.fits",
                "cube.new.fits",
                "float.new.fits",
                "tiled.new.fits",
                "several.new.fits");

        if (answer.equals("no astropy")) {
            System.out.println("SKIPPED AstropyTest: no astropy; install the Debian package python3-astropy");
            abort("there is no astropy; install the Debian package python3-astropy");
        }
        System.out.println(answer);
        assertThat(answer).startsWith("ok ");
    }

    private void write(String name, byte[] picture, Solution solution, Product... products) throws Exception {
        Products made = Products.of(picture, name, solution, Fields.stars(solution), CATALOGUE);
        for (Product product : products) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(name + product.suffix()))) {
                made.write(product, out);
            }
        }
    }

    private void positions(Wcs wcs) throws Exception {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double x = 0.5 + random.nextDouble() * wcs.width();
            double y = 0.5 + random.nextDouble() * wcs.height();
            SkyPosition sky = wcs.pixelToSky(x, y);
            lines.add(String.format(Locale.ROOT, "%.17g %.17g %.17g %.17g", x, y, sky.raDeg(), sky.decDeg()));
        }
        Files.write(folder.resolve("positions.txt"), lines);
    }

    private static byte[] png(int type) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(300, 200, type), "png", out);
        return out.toByteArray();
    }

    private static byte[] fits(Object samples) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(Fits.makeHDU(samples));
            Header header = fits.getHDU(0).getHeader();
            header.addValue("CTYPE1", "RA---TAN", "old");
            header.addValue("CTYPE2", "DEC--TAN", "old");
            header.addValue("CRVAL1", 10.0, "old");
            header.addValue("CDELT1", 0.5, "old");
            header.addValue("CROTA2", 20.0, "old");
            header.addValue("RADESYS", "FK4", "old");
            header.addValue("EQUINOX", 1950.0, "old");
            header.addValue("TELESCOP", "a telescope", "kept");
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    /** Beside its product, so that the script can compare the two. */
    private byte[] kept(String name, byte[] file) throws Exception {
        Files.write(folder.resolve(name + ".original.fits"), file);
        return file;
    }

    private static short[][] pattern() {
        short[][] samples = new short[200][300];
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 300; x++) {
                samples[y][x] = (short) (x * y % 1000);
            }
        }
        return samples;
    }

    /** Compressed in tiles, as fpack does it. */
    private static byte[] tiled() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            CompressedImageHDU hdu =
                    CompressedImageHDU.fromImageHDU((ImageHDU) FitsFactory.hduFactory(pattern()), 300, 20);
            hdu.setCompressAlgorithm(Compression.ZCMPTYPE_GZIP_1).compress();
            fits.addHDU(hdu);
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    /** No primary array, a table, the picture, and another one of another size. */
    private static byte[] several() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(BasicHDU.getDummyHDU());
            fits.addHDU(BinaryTable.fromColumnMajor(new Object[] {new int[] {1, 2, 3}})
                    .toHDU());
            fits.addHDU(FitsFactory.hduFactory(pattern()));
            fits.addHDU(FitsFactory.hduFactory(new float[10][20]));
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    private String astropy(String... names) throws Exception {
        Path script = folder.resolve("check.py");
        try (InputStream in = AstropyTest.class.getResourceAsStream("astropy_check.py")) {
            Files.copy(in, script);
        }
        Path debian = Path.of("/usr/bin/python3");
        List<String> command = new ArrayList<>(List.of(
                Files.isExecutable(debian) ? debian.toString() : "python3", script.toString(), folder.toString()));
        command.addAll(List.of(names));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output.trim();
        } finally {
            process.destroyForcibly();
        }
    }
}
