package io.novasolve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexFixture;
import io.novasolve.engine.index.IndexFixture.Encoding;
import io.novasolve.engine.index.IndexFormatException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuadPatchesTest {

    private static Index index(Encoding encoding) throws IndexFormatException {
        IndexFixture fixture = new IndexFixture(4, 9000, 20_000, 4, 5).encoding(encoding);
        return Index.read("fixture", ByteBuffer.wrap(fixture.bytes()));
    }

    /** The stars within 20° of the north pole. */
    private static BitSet cap(Index index) {
        double[] v = new double[3];
        BitSet stars = new BitSet();
        for (int star = 0; star < index.starCount(); star++) {
            index.star(star, v);
            stars.set(star, v[2] > Math.cos(Math.toRadians(20)));
        }
        return stars;
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"PACKED", "PACKED_WITH_PERMUTATION"})
    void theQuadsOfSomeStarsAreThoseThatALookAtEachFinds(Encoding encoding) throws IndexFormatException {
        Index index = index(encoding);
        BitSet stars = cap(index);
        int[] expected = IntStream.range(0, index.quadCount())
                .filter(position -> IntStream.range(0, index.quadSize())
                        .allMatch(k -> stars.get(index.quadStar(index.quadAt(position), k))))
                .toArray();

        QuadPatches patches = new QuadPatches(index, () -> false);

        assertThat(patches.isComplete()).isTrue();
        assertThat(expected).hasSizeBetween(100, 2000);
        assertThat(patches.within(stars, () -> false)).containsExactly(expected);
    }

    @Test
    void aSearchThatIsOverMakesNoneAndLeavesNoneBehind() throws IndexFormatException {
        Index index = index(Encoding.PACKED);
        IndexAids aids = new IndexAids(index);

        QuadPatches halted = aids.patches(() -> true);

        assertThat(halted.isComplete()).isFalse();
        assertThat(halted.within(cap(index), () -> true)).isEmpty();
        QuadPatches whole = aids.patches(() -> false);
        assertThat(whole.isComplete()).isTrue();
        assertThat(aids.patches(() -> true)).isSameAs(whole);
    }
}
