package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.novasolve.engine.index.Index;
import io.novasolve.sky.SkyPosition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("once")
class IndexCommandTest {

    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path stars;

    @BeforeEach
    void writeStars() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder table = new StringBuilder("RA,DEC,MAG,PMRA,PMDEC\n");
        for (int i = 0; i < 2000; i++) {
            table.append(String.format(
                    Locale.ROOT,
                    "%.6f,%.6f,%.2f,10,-10%n",
                    random.nextDouble(360),
                    Math.toDegrees(Math.asin(random.nextDouble(-1, 1))),
                    random.nextDouble(1, 9)));
        }
        stars = temp.resolve("my stars.csv");
        Files.writeString(stars, table);
    }

    private int nova(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = NovaCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    @Test
    void whatIsBuiltVerifiesAndIsListed() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("my indexes"));
        Path index = folder.resolve("index-mine-17.fits");

        assertThat(nova("index", "build", stars, "-o", index, "--scale", 17, "--stars-per-quad", 4, "--id", 77))
                .as(err.toString())
                .isZero();
        assertThat(Index.open(index).quadSize()).isEqualTo(4);
        assertThat(Index.open(index).id()).isEqualTo(77);

        assertThat(nova("index", "verify", folder)).isZero();
        assertThat(out.toString()).startsWith("ok   ").contains("680′–1000′");
        assertThat(nova("index", "list", "--dir", folder, "--json")).isZero();
        assertThat(out.toString())
                .contains("\"ok\":true", "\"series\":\"5200_LITE\"", "\"kind\":\"published\"")
                .doesNotContain("Bundled");

        Files.write(folder.resolve("bad.fits"), new byte[100]);
        assertThat(nova("index", "verify", folder)).isEqualTo(1);
        assertThat(out.toString()).contains("BAD ").contains("bad.fits");
    }

    @Test
    void boundsAndEpochsOfOnesOwn() throws Exception {
        Path index = temp.resolve("own.fits");
        assertThat(nova(
                        "index",
                        "build",
                        stars,
                        "-o",
                        index,
                        "--scale-low",
                        600,
                        "--scale-high",
                        900,
                        "--epoch",
                        2000,
                        "--to-epoch",
                        2030))
                .as(err.toString())
                .isZero();
        Index built = Index.open(index);
        assertThat(Math.toDegrees(built.maxAbRad()) * 60).isCloseTo(900, within(1e-6));

        List<SkyPosition> then = Files.readAllLines(stars).stream()
                .skip(1)
                .map(line -> line.split(","))
                .map(f -> new SkyPosition(Double.parseDouble(f[0]), Double.parseDouble(f[1])))
                .toList();
        for (int star = 0; star < built.starCount(); star += 50) {
            SkyPosition now = built.starPosition(star);
            SkyPosition before = Collections.min(then, Comparator.comparingDouble(now::separationDeg));
            // 10 mas a year to the east and to the south, for 30 years.
            assertThat(now.separationDeg(before) * 3600).isCloseTo(0.3 * Math.sqrt(2), within(0.005));
            assertThat((now.decDeg() - before.decDeg()) * 3600).isCloseTo(-0.3, within(0.005));
        }
    }

    @Test
    void wrongUsageAndUnreadableStarsExitWithTwo() {
        Path index = temp.resolve("none.fits");
        assertThat(nova("index", "build", temp.resolve("missing.csv"), "-o", index, "--scale", 17))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no file");
        assertThat(nova("index", "build", stars, "-o", index)).isEqualTo(2);
        assertThat(nova("index", "build", stars, "-o", index, "--scale", 20)).isEqualTo(2);
        assertThat(nova("index", "build", stars, "-o", index, "--scale", 17, "--stars-per-quad", 6))
                .isEqualTo(2);
        assertThat(nova("index", "build", stars, "-o", index, "--scale", 17, "--epoch", 2000))
                .isEqualTo(2);
        assertThat(nova("index", "build", stars, "-o", index, "--scale", 3))
                .as("too few stars")
                .isEqualTo(1);
        assertThat(nova("index", "verify", temp.resolve("nowhere"))).isEqualTo(2);
        assertThat(nova("index", "install", "9900", "--dir", temp)).isEqualTo(2);
        assertThat(err.toString()).contains("4100, 4200");
        assertThat(nova("index", "install", "4100", "--scales", "x", "--dir", temp))
                .isEqualTo(2);
        assertThat(nova("index", "install", "4100", "--scales", "3", "--dir", temp))
                .isEqualTo(2);
        assertThat(nova("index", "advise", "--focal", "x", "--sensor", "1x1")).isEqualTo(2);
        assertThat(nova("index", "advise", "--focal", "50", "--sensor", "36")).isEqualTo(2);
        assertThat(nova("index")).isEqualTo(2);
        assertThat(index).doesNotExist();
    }

    @Test
    void adviceForATelescope() {
        assertThat(nova("index", "advise", "--focal", 1000, "--sensor", "23.5x15.7", "--dir", temp))
                .isZero();
        assertThat(out.toString()).contains("nova index install 4100 --scales 07-08");
        assertThat(nova("index", "advise", "--field", "20x15", "--dir", temp, "--json"))
                .isZero();
        assertThat(out.toString()).contains("\"missing\":[]", "\"install\":[]");
    }

    @Test
    void theBundledIndexesCanBeCopied() throws Exception {
        Path folder = temp.resolve("bundled ones");
        assertThat(nova("index", "install", "tycho2", "--dir", folder)).isZero();
        assertThat(folder.resolve("index-tycho2-11.littleendian.fits")).exists();
    }

    @Test
    void oneScaleIsFetchedFromAMirror() throws Exception {
        Path made = temp.resolve("made.fits");
        assertThat(nova("index", "build", stars, "-o", made, "--scale", 18)).isZero();
        byte[] bytes = Files.readAllBytes(made);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mirror/4100/index-4118.fits", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        try {
            Path folder = temp.resolve("fetched ones");
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/mirror";
            assertThat(nova("index", "install", "4118", "--dir", folder, "--base-url", url, "--progress"))
                    .as(err.toString())
                    .isZero();
            assertThat(folder.resolve("index-4118.fits")).hasBinaryContent(bytes);
            assertThat(err.toString()).contains("index-4118.fits: ");
            assertThat(nova("index", "install", "4117", "--dir", folder, "--base-url", url))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("404");
        } finally {
            server.stop(0);
        }
    }
}
