package io.novasolve.sky.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.TestSeed;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureFormat;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.picture.PictureSamples;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with bytes changed, cut, repeated or moved: read or refused, but never anything else, and always at once. */
@Tag("once")
class FuzzTest {

    private static final int ROUNDS = Integer.getInteger("nova.fuzz.rounds", 1000);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long SEED = TestSeed.of(FuzzTest.class);

    private interface Parser {
        void parse(byte[] content) throws IOException;
    }

    private final PictureReader pictures = new PictureReader(4_000_000);
    private final StarListReader lists = new StarListReader(1_000_000);

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void pictures(PictureFormat format) throws IOException {
        for (byte[] seed : PictureSamples.of(format)) {
            fuzz(seed, this::readPicture, ROUNDS / PictureSamples.of(format).size());
        }
    }

    private void readPicture(byte[] content) throws IOException {
        InputKind.of(content);
        Picture picture = pictures.read(content, "fuzzed");
        float[] row = new float[picture.width()];
        picture.readRow(0, row);
        picture.readRow(picture.height() - 1, row);
    }

    @Test
    void fitsLists() throws IOException {
        fuzz(PictureSamples.starTable(), this::readList, ROUNDS);
    }

    @Test
    void textLists() throws IOException {
        byte[] seed = "# x y flux\n1.5, 2.25, 100\n3,4,1e3\r\n5;6;7\n".getBytes(StandardCharsets.US_ASCII);
        fuzz(seed, this::readList, ROUNDS);
        fuzz("x y\n1 2\n3.25 4.75\n".getBytes(StandardCharsets.US_ASCII), this::readList, ROUNDS);
    }

    private void readList(byte[] content) throws IOException {
        InputKind.of(content);
        lists.read(content, "fuzzed");
    }

    @Test
    void solutionFiles() throws IOException {
        Wcs wcs = new Wcs(new SkyPosition(10, 20), new PixelPosition(5, 6), -1e-3, 0, 0, 1e-3, null, 100, 80);
        Solution solution = new Solution(
                wcs,
                new QuadMatch("index", 1, 2, List.of(3, 4, 5, 6), List.of(0, 1, 2, 3), 0.1, 20, 5, 4, 3, 12, 9),
                List.of(),
                List.of());
        Map<String, byte[]> files = SolutionFiles.write(solution, null);
        fuzz(files.get(SolutionFiles.WCS), content -> WcsFile.read(content, "fuzzed"), ROUNDS);
        for (String name : List.of(SolutionFiles.WCS, SolutionFiles.MATCH, SolutionFiles.CORR, SolutionFiles.RDLS)) {
            fuzz(
                    files.get(name),
                    content -> {
                        Map<String, byte[]> changed = new HashMap<>(files);
                        changed.put(name, content);
                        SolutionFiles.read(changed);
                    },
                    ROUNDS / 4);
        }
    }

    private static void fuzz(byte[] seed, Parser parser, int rounds) throws IOException {
        parser.parse(seed.clone());
        Random random = new Random(SEED);
        for (int round = 0; round < rounds; round++) {
            byte[] content = mutated(seed, random);
            long start = System.nanoTime();
            try {
                parser.parse(content);
            } catch (UnreadableInputException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("round " + round + " of seed " + SEED + ": " + e, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("round %d of seed %d", round, SEED)
                    .isLessThan(LIMIT);
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] content = seed.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && content.length > 1; i++) {
            // Headers are at the front and deserve half of the attention.
            int at = random.nextInt(random.nextBoolean() ? content.length : Math.min(content.length, 200));
            switch (random.nextInt(7)) {
                case 0 -> content[at] = (byte) random.nextInt(256);
                case 1 -> content[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> content[at] = (byte) 0xFF;
                case 3 -> content[at] = 0;
                case 4 -> content = Arrays.copyOf(content, at + 1);
                case 5 -> content[at] = (byte) ('0' + random.nextInt(10));
                default -> {
                    int from = random.nextInt(content.length);
                    int length = Math.min(random.nextInt(40), content.length - Math.max(from, at));
                    System.arraycopy(content, from, content, at, length);
                }
            }
        }
        return content;
    }
}
