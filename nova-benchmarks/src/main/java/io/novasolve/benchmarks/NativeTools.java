package io.novasolve.benchmarks;

import io.novasolve.sky.picture.Picture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs the native programs that Nova is compared with, and times them. */
final class NativeTools {

    private static final long LIMIT_S = 600;

    private NativeTools() {}

    /**
     * Runs a program to its end.
     *
     * @return wall time in milliseconds; NaN if it did not end in time or ended with an error
     */
    static double run(Path folder, List<String> command) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return Double.NaN;
        }
        return process.exitValue() == 0 ? (System.nanoTime() - begin) / 1e6 : Double.NaN;
    }

    /** Writes a picture's brightness as a FITS image with 8, 16 or −32 bits a pixel, as image2xy reads it. */
    static void writeFits(Picture picture, int bitpix, Path file, String... cards) throws IOException {
        int bytes = Math.abs(bitpix) / 8;
        StringBuilder header = new StringBuilder();
        card(header, "SIMPLE", "T");
        card(header, "BITPIX", Integer.toString(bitpix));
        card(header, "NAXIS", "2");
        card(header, "NAXIS1", Integer.toString(picture.width()));
        card(header, "NAXIS2", Integer.toString(picture.height()));
        for (String card : cards) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        header.append(String.format(Locale.ROOT, "%-80s", "END"));
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(padded(header.toString().getBytes(StandardCharsets.US_ASCII), (byte) ' '));
            ByteBuffer data = ByteBuffer.allocate(picture.width() * picture.height() * bytes);
            float[] row = new float[picture.width()];
            for (int y = 0; y < picture.height(); y++) {
                picture.readRow(y, row);
                for (float v : row) {
                    switch (bitpix) {
                        case 8 -> data.put((byte) Math.round(v));
                        case 16 -> data.putShort((short) Math.min(32767, Math.round(v)));
                        default -> data.putFloat(v);
                    }
                }
            }
            out.write(padded(data.array(), (byte) 0));
        }
    }

    private static void card(StringBuilder header, String key, String value) {
        header.append(String.format(Locale.ROOT, "%-80s", String.format(Locale.ROOT, "%-8s= %20s", key, value)));
    }

    private static byte[] padded(byte[] bytes, byte filler) {
        byte[] block = java.util.Arrays.copyOf(bytes, (bytes.length + 2879) / 2880 * 2880);
        java.util.Arrays.fill(block, bytes.length, block.length, filler);
        return block;
    }
}
