package io.novasolve.core.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Archives with bytes changed, cut, repeated or moved: unpacked or refused, but never anything else, and always at once. */
@Tag("once")
class UnpackFuzzTest {

    private static final int ROUNDS = Integer.getInteger("nova.fuzz.rounds", 200);

    /** What people who read a message cannot make anything of. */
    static final Pattern OF_PROGRAMS = Pattern.compile("java\\.|novasolve|commons|Exception|Counting|\\(null\\)");

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long SEED = Long.getLong("nova.test.seed", 20261124);

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
        List<byte[]> seeds = new ArrayList<>(List.of(tar, zip, Archives.zip(Map.of("t.tar", tar, "z.zip", zip))));
        for (Compression kind : Compression.values()) {
            seeds.add(Archives.compressed(kind, tar));
        }
        return seeds;
    }

    @Test
    void archives() throws Exception {
        System.out.println("UnpackFuzzTest: seed " + SEED + ", -Dnova.test.seed=NUMBER draws something else");
        Random random = new Random(SEED);
        int unpacked = 0;
        int refused = 0;
        for (byte[] seed : seeds()) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = mutated(seed, random);
                InMemoryContentStore content = new InMemoryContentStore();
                Content stored = content.put(bytes);
                long start = System.nanoTime();
                try {
                    List<NewImage> images = new Unpacker(content, LIMITS).unpack(stored, "fuzzed", () -> {});
                    assertThat(images).isNotEmpty().hasSizeLessThan(110);
                    for (NewImage image : images) {
                        if (image.ended() != null && image.ended().result() instanceof JobReport.Failed failed) {
                            assertThat(failed.message()).doesNotContainPattern(OF_PROGRAMS);
                        }
                    }
                    unpacked++;
                } catch (UnreadableInputException e) {
                    assertThat(e.getMessage())
                            .startsWith("fuzzed ")
                            .hasSizeGreaterThan(12)
                            .doesNotContainPattern(OF_PROGRAMS);
                    refused++;
                } catch (IOException | RuntimeException | Error e) {
                    throw new AssertionError("round " + round + " of seed " + SEED + ": " + e, e);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("round %d of seed %d", round, SEED)
                        .isLessThan(LIMIT);
            }
        }
        assertThat(unpacked).isPositive();
        assertThat(refused).isPositive();
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 1; i++) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 600));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) 0xFF;
                case 3 -> bytes[at] = (byte) ('0' + random.nextInt(10));
                case 4 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
