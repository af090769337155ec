package io.novasolve.sky.fuzz;

import io.novasolve.sky.Fuzz;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureFormat;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.picture.PictureSamples;
import io.novasolve.sky.picture.SolvedFits;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged pictures, lists and solutions. */
@Tag("once")
class FuzzTest {

    private static final PixelPosition CENTRE = new PixelPosition(5, 6);

    private static final Wcs PLAIN = new Wcs(new SkyPosition(10, 20), CENTRE, -1e-3, 0, 0, 1e-3, null, 100, 80);

    private static final Wcs DISTORTED = new Wcs(
            new SkyPosition(10, 20),
            CENTRE,
            -1e-3,
            0,
            0,
            1e-3,
            Sip.forward(
                    SipPolynomial.of(2, new double[][] {{0, 0, 1e-5}, {0, 2e-5}, {-1e-5}}),
                    SipPolynomial.of(2, new double[][] {{0, 0, 2e-5}, {0, 1e-5}, {3e-5}}),
                    CENTRE,
                    100,
                    80),
            100,
            80);

    private final Fuzz fuzz = Fuzz.of(FuzzTest.class, 150)
            .words("END", "NAXIS3  = 3", "BLANK   = 0", "BSCALE  = NaN", "nan", "\r\n", ",", "\u00ef\u00bb\u00bf");
    private final PictureReader pictures = new PictureReader(4_000_000);
    private final StarListReader lists = new StarListReader(1_000_000);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void pictures(PictureFormat format) throws Exception {
        fuzz.run("pictures, " + format, PictureSamples.of(format), content -> {
            InputKind.of(content);
            Picture picture = pictures.read(content, "fuzzed");
            float[] row = new float[picture.width()];
            picture.readRow(0, row);
            picture.readRow(picture.height() - 1, row);
        });
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void picturesToDrawOn(PictureFormat format) throws Exception {
        fuzz.run(
                "pictures to draw on, " + format,
                PictureSamples.of(format),
                content -> pictures.readImage(content, "fuzzed"));
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void solvedPictures(PictureFormat format) throws Exception {
        fuzz.run(
                "solved pictures, " + format,
                PictureSamples.of(format),
                content -> SolvedFits.write(content, "fuzzed", DISTORTED, OutputStream.nullOutputStream()));
    }

    /** As files, which are read piece by piece. */
    @ParameterizedTest
    @EnumSource(names = {"FITS", "PNG"})
    void picturesInFiles(PictureFormat format) throws Exception {
        Path file = folder.resolve("fuzzed");
        fuzz.run("pictures in files, " + format, PictureSamples.of(format), content -> {
            Files.write(file, content);
            pictures.readImage(file);
            SolvedFits.write(file, PLAIN, OutputStream.nullOutputStream());
        });
    }

    @Test
    void fitsLists() throws Exception {
        fuzz.run("lists as tables", PictureSamples.starTable(), this::readList);
    }

    @Test
    void textLists() throws Exception {
        List<byte[]> seeds = List.of(
                "# x y flux\n1.5, 2.25, 100\n3,4,1e3\r\n5;6;7\n".getBytes(StandardCharsets.US_ASCII),
                "x y\n1 2\n3.25 4.75\n".getBytes(StandardCharsets.US_ASCII),
                "\ufeffX\tY\tMAG\n1\t2\t3\n".getBytes(StandardCharsets.UTF_8));
        fuzz.run("lists as text", seeds, this::readList);
    }

    private void readList(byte[] content) throws Exception {
        InputKind.of(content);
        lists.read(content, "fuzzed");
    }

    @Test
    void wcsFiles() throws Exception {
        List<byte[]> seeds = List.of(WcsFile.write(PLAIN), WcsFile.write(DISTORTED));
        fuzz.run("wcs.fits", seeds, content -> WcsFile.read(content, "fuzzed").centre());
    }

    @ParameterizedTest
    @ValueSource(strings = {SolutionFiles.WCS, SolutionFiles.MATCH, SolutionFiles.CORR, SolutionFiles.RDLS})
    void solutionFiles(String name) throws Exception {
        Solution solution = new Solution(
                DISTORTED,
                new QuadMatch("index", 1, 2, List.of(3, 4, 5, 6), List.of(0, 1, 2, 3), 0.1, 20, 5, 4, 3, 12, 9),
                List.of(new MatchedStar(CENTRE, PLAIN.crval(), CENTRE, PLAIN.crval(), 3, 0, 0.5)),
                List.of(new ReferenceStar(PLAIN.crval(), 7.5)));
        Map<String, byte[]> files = SolutionFiles.write(solution, null);
        fuzz.run("solutions, " + name, files.get(name), content -> {
            Map<String, byte[]> changed = new HashMap<>(files);
            changed.put(name, content);
            SolutionFiles.read(changed);
        });
    }
}
