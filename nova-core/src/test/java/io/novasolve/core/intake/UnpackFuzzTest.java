package io.novasolve.core.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged archives. */
@Tag("once")
class UnpackFuzzTest {

    /** What people who read a message cannot make anything of. */
    static final Pattern OF_PROGRAMS = Fuzz.OF_PROGRAMS;

    /** Small ones: a mutation that inflates is cut off soon, and memory stays what it is. */
    private static final UnpackLimits LIMITS =
            UnpackLimits.DEFAULT.withBytes(4 << 20).withMemberBytes(1 << 20).withMembers(100);

    private static List<byte[]> seeds() throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a.csv", "1 2\n3 4\n".getBytes(StandardCharsets.US_ASCII));
        members.put("folder/" + "b".repeat(120) + ".csv", "5 6\n7 8\n".getBytes(StandardCharsets.US_ASCII));
        members.put("c.csv.gz", Archives.gzip("9 10\n".getBytes(StandardCharsets.US_ASCII)));
        byte[] tar = Archives.tar(members);
        byte[] zip = Archives.zip(members);
        byte[] nested = Archives.zip(Map.of("t.tar", tar, "z.zip", zip));
        List<byte[]> seeds = new ArrayList<>(List.of(
                tar,
                zip,
                nested,
                Archives.tar(Map.of("nested.zip", nested, "a.csv", members.get("a.csv"))),
                Archives.zip64(members),
                Archives.paxTar(members),
                Archives.sparseTar("sparse.csv", members.get("a.csv"))));
        for (Compression kind : Compression.values()) {
            seeds.add(Archives.compressed(kind, tar));
        }
        return seeds;
    }

    @Test
    void archives() throws Exception {
        Fuzz.Counts counts = Fuzz.of(UnpackFuzzTest.class, 1000)
                .within(Duration.ofSeconds(20))
                .words(
                        "PK\3\4",
                        "PK\1\2",
                        "PK\5\6",
                        "ustar",
                        "\37\213\10",
                        "../",
                        "30 size=99999999999\n",
                        "x",
                        "L",
                        "K",
                        "S")
                .run("archives", seeds(), UnpackFuzzTest::unpack);

        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
    }

    private static void unpack(byte[] bytes) throws Exception {
        InMemoryContentStore content = new InMemoryContentStore();
        List<NewImage> images = new Unpacker(content, LIMITS).unpack(content.put(bytes), "fuzzed", () -> {});
        assertThat(images).isNotEmpty().hasSizeLessThan(110);
        for (NewImage image : images) {
            if (image.ended() != null && image.ended().result() instanceof JobReport.Failed failed) {
                assertThat(failed.message()).doesNotContainPattern(OF_PROGRAMS);
            }
        }
    }
}
