package io.novasolve.engine.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedTreeTest {

    /** The last column is the number of different values of a coordinate: few of them put many points on each plane. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, 4294967296",
        "25, 2, 65536",
        "26, 2, 65536",
        "1000, 2, 65536",
        "5000, 3, 4294967296",
        "3000, 4, 65536",
        "3000, 6, 65536",
        "3000, 2, 40",
        "2000, 3, 3",
        "500, 2, 1",
    })
    void pointsAreOnTheirSideOfEveryPlaneAndSearchesFindThem(int size, int dimensions, long values) {
        long seed = size * 31L + dimensions;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int[] raw = IntStream.range(0, size * dimensions)
                .map(i -> (int) random.nextLong(values))
                .toArray();
        int[] original = raw.clone();

        PackedTree tree = new PackedTree(raw, dimensions);

        int[] items = IntStream.range(0, size).map(tree::item).sorted().toArray();
        assertThat(items).isEqualTo(IntStream.range(0, size).toArray());
        for (int i = 0; i < size; i++) {
            assertThat(Arrays.copyOfRange(tree.raw(), i * dimensions, (i + 1) * dimensions))
                    .isEqualTo(
                            Arrays.copyOfRange(original, tree.item(i) * dimensions, (tree.item(i) + 1) * dimensions));
        }
        checkPlanes(tree, 0, 0, size);
        checkSearches(tree, random, values);
    }

    private static long at(PackedTree tree, int position, int dimension) {
        return Integer.toUnsignedLong(tree.raw()[position * tree.dimensions() + dimension]);
    }

    private static void checkPlanes(PackedTree tree, int node, int from, int to) {
        int interior = tree.splits().length;
        if (node >= interior) {
            assertThat(tree.lastOfLeaf()[node - interior]).isEqualTo(to - 1);
            return;
        }
        int leaf = 2 * node + 2;
        while (leaf < interior) {
            leaf = 2 * leaf + 1;
        }
        int middle = tree.lastOfLeaf()[leaf - interior - 1] + 1;
        int mask = tree.dimensions() == 2 ? 1 : tree.dimensions() == 6 ? 7 : 3;
        int dimension = tree.splits()[node] & mask;
        long plane = Integer.toUnsignedLong(tree.splits()[node] & ~mask);
        assertThat(middle).isBetween(from, to);
        for (int i = from; i < to; i++) {
            if (i < middle) {
                assertThat(at(tree, i, dimension)).isLessThanOrEqualTo(plane);
            } else {
                assertThat(at(tree, i, dimension)).isGreaterThanOrEqualTo(plane);
            }
        }
        checkPlanes(tree, 2 * node + 1, from, middle);
        checkPlanes(tree, 2 * node + 2, middle, to);
    }

    private static void checkSearches(PackedTree tree, SplittableRandom random, long values) {
        int[] hits = new int[tree.size()];
        double radius = values * 0.2;
        for (int query = 0; query < 20; query++) {
            double[] q = random.doubles(tree.dimensions(), 0, values).toArray();
            int found = tree.search(q, radius, hits);
            int[] expected = IntStream.range(0, tree.size())
                    .filter(i -> {
                        double sum = 0;
                        for (int d = 0; d < q.length; d++) {
                            sum += Math.pow(at(tree, i, d) - q[d], 2);
                        }
                        return sum <= radius * radius;
                    })
                    .toArray();
            assertThat(Arrays.stream(hits, 0, found).sorted().toArray()).isEqualTo(expected);
        }
    }
}
