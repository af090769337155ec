package io.novasolve.examples.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.examples.server.Seed;
import io.novasolve.sky.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartParserTest {

    private static final FormLimits LIMITS = new FormLimits(1_000_000, 20_000, 20, Duration.ofMinutes(5));

    @TempDir
    Path folder;

    private Form read(String boundary, byte[] body) throws IOException {
        return new FormReader(folder, LIMITS, System::nanoTime)
                .read(
                        "multipart/form-data; boundary=" + boundary,
                        new ByteArrayInputStream(body),
                        true,
                        fields -> true);
    }

    private static byte[] bytes(Object... pieces) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object piece : pieces) {
            out.write(piece instanceof byte[] b ? b : piece.toString().getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private byte[] content(Form form) throws IOException {
        return Files.readAllBytes(form.file("file").orElseThrow().file());
    }

    private long filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** As the original's client builds it: bare LF around boundaries, CRLF in headers. */
    private static byte[] original(String boundary, String json, String fileName, byte[] file) throws IOException {
        return bytes(
                "--",
                boundary,
                "\n",
                "Content-Type: text/plain\r\nMIME-Version: 1.0\r\n",
                "Content-disposition: form-data; name=\"request-json\"\r\n\r\n",
                json,
                "\n--",
                boundary,
                "\n",
                "Content-Type: application/octet-stream\r\nMIME-Version: 1.0\r\n",
                "Content-disposition: form-data; name=\"file\"; filename=\"",
                fileName,
                "\"\r\n\r\n",
                file,
                "\n--",
                boundary,
                "--\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ends with CR\r", "\r\n", "\n", "\r", "a\r\nb\n\n", "\n--===============123=\n"})
    void keepsEveryByteOfTheOriginalsClient(String text) throws IOException {
        byte[] file = text.getBytes(StandardCharsets.ISO_8859_1);
        String boundary = "===============0123456789012345678==";
        byte[] body = original(boundary, "{\"session\": \"s\"}", "/home/me/my pictures/m 31.fits", file);
        try (Form form = read("\"" + boundary + "\"", body)) {
            assertThat(form.field("request-json")).isEqualTo("{\"session\": \"s\"}");
            assertThat(form.file("file").orElseThrow().name()).isEqualTo("m 31.fits");
            assertThat(content(form)).isEqualTo(file);
        }
        assertThat(filesLeft()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ends with CR\r", "\r\n", "--b", "\r\n--b-no", "\r\n--bb\r\n"})
    void keepsEveryByteBetweenStandardBoundaries(String text) throws IOException {
        byte[] file = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = bytes(
                "--b\r\nContent-Disposition: form-data; name=\"request-json\"\r\n\r\n{}\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.fits\"\r\n\r\n",
                file,
                "\r\n--b--\r\n");
        try (Form form = read("b", body)) {
            assertThat(form.field("request-json")).isEqualTo("{}");
            assertThat(content(form)).isEqualTo(file);
        }
    }

    @Test
    void takesUnquotedParametersAndOddPartTypes() throws IOException {
        byte[] body = bytes(
                "--b-1.2_x\r\nContent-Type: text/plain; charset=utf-8\r\n",
                "Content-Disposition: form-data; name=request-json\r\n\r\n{\"a\": \"ξ\"}\r\n",
                "--b-1.2_x\r\nContent-Disposition: form-data; name=file; filename=x.fits; filename*=utf-8''%CE%BE.fits\r\n",
                "\r\nabc\r\n--b-1.2_x--");
        try (Form form = read("b-1.2_x", body)) {
            assertThat(form.field("request-json")).isEqualTo("{\"a\": \"ξ\"}");
            assertThat(form.file("file").orElseThrow().name()).isEqualTo("ξ.fits");
            assertThat(content(form)).asString().isEqualTo("abc");
        }
    }

    @Test
    void takesHeadersWithBareLineFeeds() throws IOException {
        byte[] body = bytes("--b\ncontent-disposition: form-data; name=\"f\"\n\nvalue\n--b--\n");
        try (Form form = read("b", body)) {
            assertThat(form.field("f")).isEqualTo("value");
        }
    }

    @Test
    void aPartWithAnEmptyFileNameIsText() throws IOException {
        byte[] body = bytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--b--\r\n");
        try (Form form = read("b", body)) {
            assertThat(form.files()).isEmpty();
            assertThat(form.field("file")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc/passwd", "C:\\Users\\me\\passwd", "/etc/passwd", "a\u0007/pass\u0000wd", "..\\passwd"
            })
    void keepsOnlyTheLastPartOfAFileName(String name) throws IOException {
        byte[] body = bytes(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"", name, "\"\r\n\r\nx\r\n--b--\r\n");
        try (Form form = read("b", body)) {
            assertThat(form.file("file").orElseThrow().name()).isEqualTo("passwd");
        }
    }

    @Test
    void ofAFieldThatComesTwiceTheLastCounts() throws IOException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n%s\r\n";
        String file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n";
        byte[] body = bytes(
                String.format(part, "1"),
                String.format(part, "2"),
                file.formatted("p", "one"),
                file.formatted("q", "two"),
                "--b--\r\n");
        try (Form form = read("b", body)) {
            assertThat(form.field("a")).isEqualTo("2");
            assertThat(form.file("file").orElseThrow().name()).isEqualTo("q");
            assertThat(content(form)).asString().isEqualTo("two");
        }
        assertThat(filesLeft()).isZero();
    }

    @Test
    void refusesWhatIsCutOffOrTooLargeAndLeavesNothingBehind() throws IOException {
        byte[] whole = original("b", "{}", "x", new byte[1000]);
        for (int length = 0; length < whole.length - 1; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read("b", cut)).isInstanceOf(BadRequestException.class);
        }
        for (byte[] body : List.of(
                original("b", "{}", "x", new byte[1_000_001]),
                original("b", "x".repeat(20_001), "x", new byte[1]),
                bytes("--b\r\n", "X: ".repeat(20_000), "\r\n\r\n\r\n--b--"),
                bytes("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(21), "--b--"))) {
            assertThatThrownBy(() -> read("b", body)).isInstanceOf(BadRequestException.class);
        }
        assertThat(filesLeft()).isZero();
    }

    @Test
    void howTheBytesArriveDoesNotMatter() throws IOException {
        Random random = Seed.random();
        byte[] file = new byte[300_000];
        for (int i = 0; i < file.length; i++) {
            file[i] = (byte) "\r\n-b\n-".charAt(random.nextInt(6));
        }
        byte[] body = original("b-b", "{}", "x", file);
        for (int i = 0; i < 20; i++) {
            Random sizes = new Random(random.nextLong());
            InputStream dripping = new FilterInputStream(new ByteArrayInputStream(body)) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return super.read(buffer, offset, Math.min(length, 1 + sizes.nextInt(1 + sizes.nextInt(70_000))));
                }
            };
            try (Form form = new FormReader(folder, LIMITS, System::nanoTime)
                    .read("multipart/form-data; boundary=b-b", dripping, true, fields -> true)) {
                // The file may hold what looks like a boundary; then the two readings must still agree.
                try (Form atOnce = read("b-b", body)) {
                    assertThat(content(form)).isEqualTo(content(atOnce));
                }
            } catch (BadRequestException e) {
                assertThatThrownBy(() -> read("b-b", body)).hasMessage(e.getMessage());
            }
        }
    }

    @Test
    void filesOfThoseWhoMaySendNoneNeverReachTheDisk() throws IOException {
        byte[] body = original("b-b", "{}", "x", new byte[300_000]);
        InputStream watched = new FilterInputStream(new ByteArrayInputStream(body)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                assertThat(filesLeft()).isZero();
                return super.read(buffer, offset, Math.min(length, 1000));
            }
        };
        try (Form form = new FormReader(folder, LIMITS, System::nanoTime)
                .read("multipart/form-data; boundary=b-b", watched, true, fields -> {
                    assertThat(fields).containsEntry("request-json", "{}");
                    return false;
                })) {
            assertThat(form.field("request-json")).isEqualTo("{}");
            assertThat(form.files()).isEmpty();
        }
    }

    @Test
    void malformedFormsAreRefusedAndNothingElseHappens() throws Exception {
        List<byte[]> seeds = List.of(
                original("===1==", "{\"session\": \"abc\"}", "a b.fits", "SIMPLE  =".getBytes(StandardCharsets.UTF_8)),
                bytes("--===1==\r\nContent-Disposition: form-data; name=request-json\r\n\r\n{}\r\n--===1==--\r\n"));
        Fuzz.Counts counts = Fuzz.of(MultipartParserTest.class, 2000)
                .refusedWith(BadRequestException.class)
                .words(
                        "\r\n",
                        "\n",
                        "--===1==",
                        "\n--===1==\n",
                        "filename=",
                        "\"",
                        ";",
                        "\0",
                        "--",
                        "name=\"file\"",
                        "%",
                        "''",
                        "\\")
                .run("forms", seeds, body -> {
                    try (Form form = read("\"===1==\"", body)) {
                        form.files().values().forEach(f -> assertThat(f.name()).doesNotContain("/", "\\", "\n"));
                    } catch (BadRequestException e) {
                        assertThat(e.status()).isBetween(400, 413);
                        throw e;
                    }
                });
        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
        assertThat(filesLeft()).isZero();
    }

    @Test
    void urlEncodedFormsMayBeEscapedOrNot() throws IOException {
        for (String body : List.of(
                "request-json={\"apikey\":\"x y\",\"n\":1}&other=2",
                "other=2&request-json=%7B%22apikey%22%3A%22x+y%22%2C%22n%22%3A1%7D",
                "request-json=1&other=2&request-json={\"apikey\":\"x%20y\",\"n\":1}")) {
            Form form = new FormReader(folder, LIMITS, System::nanoTime)
                    .read(
                            "application/x-www-form-urlencoded; charset=utf-8",
                            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                            true,
                            fields -> true);
            assertThat(form.field("request-json")).isEqualTo("{\"apikey\":\"x y\",\"n\":1}");
            assertThat(form.field("other")).isEqualTo("2");
        }
        assertThat(UrlEncoded.decode("100%&%zz%4")).isEqualTo("100%&%zz%4");
    }

    @Test
    void otherBodiesHaveNoFields() throws IOException {
        for (String type : Arrays.asList(null, "", "application/json", "text/plain", "multipart/mixed; boundary=b")) {
            Form form = new FormReader(folder, LIMITS, System::nanoTime)
                    .read(type, new ByteArrayInputStream("a=b".getBytes()), true, fields -> true);
            assertThat(form.fields()).isEmpty();
        }
    }
}
