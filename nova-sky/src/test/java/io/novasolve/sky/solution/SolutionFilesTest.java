package io.novasolve.sky.solution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SharedImages;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolutionFilesTest {

    private static final Wcs WCS =
            new Wcs(new SkyPosition(359.99, 10), new PixelPosition(320, 240), -1e-3, 2e-4, 2e-4, 1e-3, null, 640, 480);

    private static final Solution SOLUTION = new Solution(
            WCS,
            new QuadMatch(
                    "index-tycho2-12",
                    4112,
                    348280,
                    List.of(711948, 714453, 711828, 711829),
                    List.of(0, 1, 5, 2),
                    0.0016,
                    176.75,
                    29,
                    26,
                    3,
                    97,
                    33),
            List.of(matched(0, 1, 10.5, 20.25), matched(1, 0, 600, 400)),
            List.of(
                    new ReferenceStar(new SkyPosition(0.125, 10.5), 7.25),
                    new ReferenceStar(new SkyPosition(359.875, 9.5), Double.NaN)));

    private static MatchedStar matched(int fieldRow, int indexRow, double x, double y) {
        PixelPosition field = new PixelPosition(x, y);
        PixelPosition index = new PixelPosition(x + 0.5, y - 0.25);
        return new MatchedStar(field, WCS.pixelToSky(field), index, WCS.pixelToSky(index), fieldRow, indexRow, 0.875);
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path parent) throws Exception {
        Path folder = Files.createDirectory(parent.resolve("job 1"));
        SolutionFiles.write(SOLUTION, null, folder);
        Solution read = SolutionFiles.read(folder).orElseThrow();
        assertThat(read.wcs()).isEqualTo(WCS);
        assertThat(read.matchedStars()).isEqualTo(SOLUTION.matchedStars());
        assertThat(read.referenceStars()).isEqualTo(SOLUTION.referenceStars());
        assertThat(read.match())
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-6 * Math.abs(a) ? 0 : 1, Double.class)
                .isEqualTo(SOLUTION.match());
        assertThat(Files.readAllBytes(folder.resolve(SolutionFiles.SOLVED))).containsExactly(1);
    }

    @Test
    void withoutTheMatchFileTheCommentsTell() throws Exception {
        Map<String, byte[]> files = new HashMap<>(SolutionFiles.write(SOLUTION, null));
        files.keySet().retainAll(List.of(SolutionFiles.WCS));
        QuadMatch match = SolutionFiles.read(files).orElseThrow().match();
        assertThat(match.index()).isEqualTo("index-tycho2-12");
        assertThat(match.logOdds()).isCloseTo(176.75, within(1e-5));
        assertThat(match.indexStars()).containsExactly(711948, 714453, 711828, 711829);
        assertThat(match.matches()).isEqualTo(29);
    }

    @Test
    void noWcsMeansNotSolved(@TempDir Path folder) throws Exception {
        assertThat(SolutionFiles.read(folder)).isEmpty();
        assertThat(SolutionFiles.read(Map.of(SolutionFiles.SOLVED, new byte[] {0})))
                .isEmpty();
        assertThatThrownBy(() -> SolutionFiles.read(Map.of(SolutionFiles.SOLVED, new byte[] {1})))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("no wcs.fits");
    }

    @Test
    void halfWrittenFilesAreErrors() {
        Map<String, byte[]> whole = SolutionFiles.write(SOLUTION, null);
        for (String name : List.of("wcs.fits", "corr.fits", "rdls.fits", "match.fits")) {
            for (int length : new int[] {0, 100, 2000, 2880, 4000, 5770}) {
                if (length < whole.get(name).length && !(name.equals("wcs.fits") && length >= 2880)) {
                    Map<String, byte[]> files = new HashMap<>(whole);
                    files.put(name, Arrays.copyOf(whole.get(name), length));
                    assertThatThrownBy(() -> SolutionFiles.read(files))
                            .as("%s cut to %d", name, length)
                            .isInstanceOf(UnreadableInputException.class)
                            .hasMessageContaining(name);
                }
            }
        }
    }

    @Test
    void columnsAreThoseOfTheNativeEngine(@TempDir Path scratch) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        if (!Files.exists(python)) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        StarList stars = StarList.of(
                640, 480, new double[] {10.5, 600}, new double[] {20.25, 400}, new float[] {9, 8}, new float[] {1, 2});
        SolutionFiles.write(SOLUTION, stars, scratch);
        Path script = Files.writeString(
                scratch.resolve("columns.py"),
                """
                import sys
                try:
                    from astropy.io import fits
                except ImportError:
                    print('no astropy')
                    sys.exit(0)
                for name in ('corr', 'rdls', 'match'):
                    table = fits.open(sys.argv[1] + '/' + name + '.fits')[1]
                    print(' '.join(c.name + ':' + c.format for c in table.columns))
                print(fits.open(sys.argv[1] + '/match.fits')[1].data['QUADPIX'][0].tolist())
                print(fits.open(sys.argv[1] + '/corr.fits')[1].data[1])
                """);
        List<String> lines = SharedImages.output(scratch, python.toString(), script.toString(), scratch.toString());
        if (lines.get(0).equals("no astropy")) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        assertThat(plain(lines.get(0)))
                .isEqualTo("field_x:D field_y:D field_ra:D field_dec:D index_x:D index_y:D index_ra:D index_dec:D"
                        + " index_id:J field_id:J match_weight:D FLUX:E BACKGROUND:E");
        assertThat(plain(lines.get(1))).isEqualTo("RA:D DEC:D MAG:D");
        assertThat(plain(lines.get(2)))
                .isEqualTo(
                        "QUAD:J DIMQUADS:B STARS:5J FIELDOBJS:5J IDS:5K CODEERR:E QUADPDI:10D QUADPIX:10D QUADXYZ:15D"
                                + " CENTERXYZ:3D RADIUS:D NMATCH:J NDISTRACT:J NCONFLICT:J NFIELD:J NINDEX:J NAGREE:J CRVAL:2D"
                                + " CRPIX:2D CD:4D WCS_VALID:L FIELDNUM:J FIELDID:J INDEXID:I HEALPIX:I HPNSIDE:I FIELDNAME:31A"
                                + " PARITY:L QTRIED:J QMATCHED:J QSCALEOK:J QPEERS:I NVERIFIED:J TIMEUSED:E LOGODDS:E"
                                + " WORSTLOGODDS:E");
        assertThat(lines.get(3)).startsWith("[10.5, 20.25, 600.0, 400.0, 0.0");
        assertThat(lines.get(4)).startsWith("(600.0, 400.0,").endsWith("0, 1, 0.875, 8.0, 2.0)");
    }

    private static String plain(String forms) {
        return forms.replaceAll(":1([A-Z])", ":$1");
    }

    /** What the native engine leaves for one of its own star lists. */
    @Test
    void nativeResultsAreRead(@TempDir Path scratch) throws Exception {
        Path job = SharedImages.files("native", "ss_pleiades.axy").get(0);
        SharedImages.output(scratch, "astrometry-engine", "-d", scratch.toString(), job.toString());
        Map<String, byte[]> files = new HashMap<>();
        for (String kind : List.of("wcs", "corr", "rdls", "match")) {
            Path file = scratch.resolve("ss_pleiades." + kind);
            if (!Files.exists(file)) {
                SharedImages.skip("the native engine has no indexes to solve with");
            }
            files.put(kind + ".fits", Files.readAllBytes(file));
        }
        Optional<Solution> read = SolutionFiles.read(files);
        Solution solution = read.orElseThrow();
        assertThat(solution.match().logOdds()).isGreaterThan(20);
        assertThat(solution.match().matches()).isGreaterThan(5);
        assertThat(solution.match().codeError()).isLessThan(0.01);
        assertThat(solution.matchedStars()).isNotEmpty();
        for (MatchedStar star : solution.matchedStars()) {
            assertThat(solution.wcs().pixelToSky(star.field()).separationDeg(star.fieldSky()))
                    .isLessThan(1e-6);
            assertThat(star.indexSky())
                    .isEqualTo(solution.referenceStars().get(star.indexRow()).position());
        }
        files.remove("match.fits");
        QuadMatch told = SolutionFiles.read(files).orElseThrow().match();
        assertThat(told.quad()).isEqualTo(solution.match().quad());
        assertThat(told.fieldStars()).isEqualTo(solution.match().fieldStars());
        assertThat(told.logOdds()).isCloseTo(solution.match().logOdds(), within(0.01));
    }
}
