package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.UnsolvedReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be read, or has no stars, ends with a sentence, and the next one is solved. */
@Timeout(60)
class UnreadableInputTest extends OneNova {

    @TempDir
    private Path folder;

    static Stream<Arguments> unreadable() {
        byte[] truncated = Arrays.copyOf(STARS, 40);
        byte[] noise = new byte[2000];
        new java.util.Random(7).nextBytes(noise);
        String huge = card("SIMPLE", "T")
                + card("BITPIX", "16")
                + card("NAXIS", "2")
                + card("NAXIS1", "100000")
                + card("NAXIS2", "100000")
                + String.format(Locale.ROOT, "%-80s", "END");
        return Stream.of(
                Arguments.of("empty", new byte[0]),
                Arguments.of("truncated", truncated),
                Arguments.of("noise", noise),
                Arguments.of("prose", "Dear sir or madam, no stars here.".getBytes(StandardCharsets.US_ASCII)),
                Arguments.of(
                        "a lying header",
                        String.format(Locale.ROOT, "%-2880s", huge).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String card(String key, String value) {
        return String.format(Locale.ROOT, "%-8s= %20s%50s", key, value, "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void whatCannotBeReadFailsWithASentenceAndTheNextOneRuns(String what, byte[] bytes) throws Exception {
        ScriptedTransport transport = start();
        SubmissionHandle handle = submit(bytes);

        Job job = job(handle);

        failsFor(job, FailureReason.UNREADABLE, "m42.png");
        assertThat(((ImageOutcome.Failed) job.outcome()).message()).hasSizeGreaterThan(25);
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(transport.tasks).isEmpty();
        assertThatThrownBy(() -> handle.calibration().join()).hasCauseInstanceOf(JobFailedException.class);
        theNextOneIsSolved();
    }

    static Stream<Arguments> starless() {
        return Stream.of(
                Arguments.of("one pixel", Pictures.plain(1, 1, 9)),
                Arguments.of("all black", Pictures.plain(300, 200, 0)),
                Arguments.of("all white", Pictures.plain(300, 200, 255)),
                Arguments.of("nothing but NaN", floats(300, 200, Float.NaN)));
    }

    /** A FITS file of 32-bit floats that are all the same. */
    private static byte[] floats(int width, int height, float value) {
        String cards = card("SIMPLE", "T")
                + card("BITPIX", "-32")
                + card("NAXIS", "2")
                + card("NAXIS1", Integer.toString(width))
                + card("NAXIS2", Integer.toString(height))
                + String.format(Locale.ROOT, "%-80s", "END");
        int size = (width * height * Float.BYTES + 2879) / 2880 * 2880;
        ByteBuffer file = ByteBuffer.allocate(2880 + size);
        file.put(String.format(Locale.ROOT, "%-2880s", cards).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < width * height; i++) {
            file.putFloat(value);
        }
        return file.array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starless")
    void whatHasNoStarsIsUnsolved(String what, byte[] bytes) throws Exception {
        start();

        assertThat(job(submit(bytes)).outcome())
                .isInstanceOfSatisfying(
                        ImageOutcome.Unsolved.class, u -> assertThat(u.reason()).isEqualTo(UnsolvedReason.NO_STARS));
        theNextOneIsSolved();
    }

    @Test
    void theContentDecidesNotTheExtension() throws Exception {
        start();
        Path file = Files.write(folder.resolve("picture.fits"), STARS);

        assertThat(job(nova.submit(file)).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void aFileThatMayNotBeReadIsRefusedAtOnce() throws Exception {
        Path file = Files.write(folder.resolve("locked.png"), STARS);
        Files.setPosixFilePermissions(file, Set.of());
        // the superuser may read every file, so that one takes a file whose reading fails
        Path locked = Files.isReadable(file) ? Path.of("/proc/self/mem") : file;
        start();

        assertThatThrownBy(() -> nova.submit(locked))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessageStartingWith(locked.getFileName() + " cannot be submitted: ");
        theNextOneIsSolved();
    }

    @Test
    void whatIsNotThereIsRefusedAtOnce() {
        start();

        assertThatThrownBy(() -> nova.submit(folder.resolve("no such file.jpg")))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessageContaining("no such file.jpg cannot be submitted: there is no file");
        assertThatThrownBy(() -> nova.submit(folder)).isInstanceOf(UnreadableSubmissionException.class);
        SubmissionRequest.Source source = () -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> nova.submit(SubmissionRequest.of(source, "far.fits")))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessage("far.fits cannot be submitted: connection reset");
    }
}
