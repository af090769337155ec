package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stars and products of pictures of 24 megapixels in a heap of 3 · width · height · 4 bytes + 64 MiB. */
@Tag("once")
class ProductMemoryTest {

    private static final long HEAP_MIB = (3L * LargePictures.WIDTH * LargePictures.HEIGHT * 4 >> 20) + 64;

    /** {@code -Dnova.large.pictures=all} takes every kind, which takes minutes. */
    private static List<LargePictures> kinds() {
        return "all".equals(System.getProperty("nova.large.pictures"))
                ? List.of(LargePictures.values())
                : List.of(LargePictures.PHOTOGRAPH, LargePictures.FITS_OF_SIX_PLANES, LargePictures.TIFF_RGB_16);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isEnough(LargePictures kind, @TempDir Path folder) throws Exception {
        // What is drawn on is the same for all of them once it is decoded.
        String[] some = {"NEW_FITS", "ANNOTATED", "DISPLAY"};
        assertThat(probe(kind.in(folder), kind == LargePictures.PHOTOGRAPH ? new String[0] : some))
                .contains("all made");
    }

    private static String probe(Path picture, String... products) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName(),
                picture.toString(),
                "" + LargePictures.WIDTH,
                "" + LargePictures.HEIGHT));
        command.addAll(List.of(products));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as(output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            System.out.println(picture.getFileName() + ": " + output.strip());
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
