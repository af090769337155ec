package io.novasolve.examples.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much memory the fields of forms may take, of one and of all together. */
class FormReaderTest {

    private static final int LONGEST = 200_000;

    @TempDir
    private Path folder;

    private FormReader reader;

    @BeforeEach
    void newReader() {
        reader =
                new FormReader(folder, new FormLimits(1_000_000, LONGEST, 10, Duration.ofMinutes(1)), System::nanoTime);
    }

    private Form read(String type, int length, boolean isLong) throws IOException {
        String value = "x".repeat(length);
        boolean multipart = type.startsWith("multipart");
        String body = multipart
                ? "--b\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\n" + value + "\r\n--b--\r\n"
                : "v=" + value;
        ByteArrayInputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII));
        try {
            return reader.read(type, in, isLong, fields -> false);
        } finally {
            // Whoever is still sending hears what is wrong only afterwards.
            assertThat(in.available()).isZero();
        }
    }

    private static void refused(int status, ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOfSatisfying(BadRequestException.class, e -> assertThat(e.status())
                .isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"})
    void aFormIsLongOnlyWhereItMayBe(String type) throws IOException {
        assertThat(read(type, 60_000, false).field("v")).hasSize(60_000);
        refused(413, () -> read(type, FormLimits.SHORT + 1, false));
        assertThat(read(type, FormLimits.SHORT + 1, true).field("v")).hasSize(FormLimits.SHORT + 1);
        refused(413, () -> read(type, LONGEST + 1, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"})
    void fewLongOnesAreHeldAtATimeAndAnyNumberOfShortOnes(String type) throws IOException {
        Form first = read(type, LONGEST - 10, true);
        assertThat(read(type, LONGEST - 10, true).field("v")).hasSize(LONGEST - 10);
        refused(503, () -> read(type, LONGEST - 10, true));
        for (int i = 0; i < 10; i++) {
            assertThat(read(type, 60_000, true).field("v")).hasSize(60_000);
        }
        first.close();
        first.close();
        assertThat(read(type, LONGEST - 10, true).field("v")).hasSize(LONGEST - 10);
        refused(503, () -> read(type, LONGEST - 10, true));
    }
}
