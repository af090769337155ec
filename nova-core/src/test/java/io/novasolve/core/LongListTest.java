package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.sky.stars.StarList;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of ten million rows, handed in like any file, in a JVM whose heap holds a small part of it. */
@Tag("once")
class LongListTest {

    private static final int ROWS = 10_000_000;

    @Test
    void tenMillionRowsOfText(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("ten million.csv");
        try (BufferedWriter out = Files.newBufferedWriter(list, StandardCharsets.US_ASCII)) {
            out.write("x,y,flux\n");
            for (int i = 1; i <= ROWS; i++) {
                // The brightest one comes last.
                out.write(1 + i % 6000 + "," + (1 + i % 4001) + ".5," + i + "\n");
            }
        }
        assertThat(submitted(list))
                .contains(
                        "SOLVED with 10000 stars on 6000.0 × 4002.0, the first of flux 10000000, the last of 9990001");
    }

    /** It does not say how large its picture is: all rows have to be looked at. */
    @Test
    void tenMillionRowsOfATable(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("ten million.xyls");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(list), 1 << 16)) {
            out.write(header("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "EXTEND  = T"));
            out.write(header(
                    "XTENSION= 'BINTABLE'",
                    "BITPIX  = 8",
                    "NAXIS   = 2",
                    "NAXIS1  = 12",
                    "NAXIS2  = " + ROWS,
                    "PCOUNT  = 0",
                    "GCOUNT  = 1",
                    "TFIELDS = 3",
                    "TFORM1  = 'E'",
                    "TTYPE1  = 'X'",
                    "TFORM2  = 'E'",
                    "TTYPE2  = 'Y'",
                    "TFORM3  = 'E'",
                    "TTYPE3  = 'FLUX'"));
            ByteBuffer row = ByteBuffer.allocate(12);
            for (int i = 1; i <= ROWS; i++) {
                row.putFloat(0, 1 + i % 6000).putFloat(4, 1.5f + i % 4001).putFloat(8, ROWS + 1 - i);
                out.write(row.array());
            }
            out.write(new byte[2880 - (int) (12L * ROWS % 2880)]);
        }
        assertThat(submitted(list))
                .contains(
                        "SOLVED with 10000 stars on 6000.0 × 4002.0, the first of flux 10000000, the last of 9990001");
    }

    private static byte[] header(String... cards) {
        StringBuilder header = new StringBuilder();
        for (String card : cards) {
            header.append(card).append(" ".repeat(80 - card.length()));
        }
        header.append("END");
        return (header + " ".repeat(2880 - header.length())).getBytes(StandardCharsets.US_ASCII);
    }

    private static String submitted(Path list) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Submits.class.getName(),
                list.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
            System.out.println("LongListTest: " + Files.size(list) + " bytes, " + output.strip());
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Submits a file and says what was searched with. */
    static final class Submits {

        private Submits() {}

        public static void main(String[] args) throws Exception {
            ScriptedTransport transport = new ScriptedTransport();
            long start = System.nanoTime();
            try (Nova nova = Nova.with(transport)) {
                Job job = nova.submit(Path.of(args[0]))
                        .result()
                        .get(100, TimeUnit.SECONDS)
                        .jobs()
                        .get(0);
                if (job.state() != JobState.SOLVED) {
                    throw new IllegalStateException(job.toString());
                }
            }
            SolveTask task = transport.tasks.element();
            StarList stars = task.stars();
            System.out.println("SOLVED with " + stars.size() + " stars on " + stars.width() + " × " + stars.height()
                    + ", the first of flux " + (int) stars.flux(0) + ", the last of "
                    + (int) stars.flux(stars.size() - 1) + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }
}
