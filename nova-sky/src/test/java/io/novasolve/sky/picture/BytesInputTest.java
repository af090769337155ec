package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.TestSeed;
import io.novasolve.sky.internal.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesInputTest {

    private static final int LENGTH = 200_000;

    private final byte[] content = new byte[LENGTH];
    private final Random random = new Random(TestSeed.of(BytesInputTest.class));

    BytesInputTest() {
        random.nextBytes(content);
    }

    /** Also those that lie across the end of a block. */
    @Test
    void numbersAreReadWhereverTheyLie() throws IOException {
        ByteBuffer expected = ByteBuffer.wrap(content);
        try (BytesInput in = new BytesInput(Bytes.of(content))) {
            for (int block = 1 << 15; block < LENGTH; block += 1 << 15) {
                for (int at = block - 8; at <= block; at++) {
                    in.seek(at);
                    assertThat(in.readInt()).as("at %s", at).isEqualTo(expected.getInt(at));
                    assertThat(in.readUnsignedShort()).isEqualTo(expected.getChar(at + 4));
                    in.seek(at);
                    assertThat(in.readLong()).isEqualTo(expected.getLong(at));
                    assertThat(in.getStreamPosition()).isEqualTo(at + 8);
                }
            }
        }
    }

    @Test
    void anyPartIsReadInOneCallUpToTheEnd() throws IOException {
        try (BytesInput in = new BytesInput(Bytes.of(content))) {
            for (int round = 0; round < 500; round++) {
                int from = random.nextInt(LENGTH);
                int length = 1 + random.nextInt(LENGTH);
                byte[] part = new byte[length];
                in.seek(from);
                int there = Math.min(length, LENGTH - from);
                assertThat(in.read(part, 0, length)).isEqualTo(there);
                assertThat(Arrays.equals(part, 0, there, content, from, from + there))
                        .as("%s from %s", length, from)
                        .isTrue();
            }
            in.seek(LENGTH - 1);
            assertThat(in.read()).isEqualTo(content[LENGTH - 1] & 0xFF);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[3], 0, 3)).isEqualTo(-1);
            assertThat(in.read(new byte[3], 0, 0)).isZero();
        }
    }
}
