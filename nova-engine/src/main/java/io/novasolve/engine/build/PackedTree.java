package io.novasolve.engine.build;

/**
 * A k-d tree in the making: complete, in heap order, over points packed into unsigned integers, with the split dimension
 * in the lowest bits of the split plane. Points are reordered in place; {@link #item} tells which one went where.
 */
final class PackedTree {

    private static final int LEAF_SIZE = 25;

    private final int dimensions;
    private final int[] raw;
    private final int[] items;
    private final int interior;
    private final int[] splits;
    private final int[] lastOfLeaf;
    private final int splitMask;

    /** @param raw the points' coordinates as unsigned integers, point after point; owned by the tree from now on */
    PackedTree(int[] raw, int dimensions) {
        this.raw = raw;
        this.dimensions = dimensions;
        items = new int[raw.length / dimensions];
        for (int i = 0; i < items.length; i++) {
            items[i] = i;
        }
        int leaves = 1;
        while ((long) leaves * LEAF_SIZE < items.length) {
            leaves *= 2;
        }
        interior = leaves - 1;
        splits = new int[interior];
        lastOfLeaf = new int[leaves];
        splitMask = Integer.highestOneBit(Math.max(1, 2 * dimensions - 1)) - 1;
        build(0, 0, items.length);
    }

    int size() {
        return items.length;
    }

    int dimensions() {
        return dimensions;
    }

    int nodes() {
        return interior + lastOfLeaf.length;
    }

    int[] splits() {
        return splits;
    }

    int[] lastOfLeaf() {
        return lastOfLeaf;
    }

    int[] raw() {
        return raw;
    }

    /** The number, in the order given to the constructor, of the point at a position. */
    int item(int position) {
        return items[position];
    }

    private long coordinate(int position, int dimension) {
        return raw[position * dimensions + dimension] & 0xFFFFFFFFL;
    }

    private void build(int node, int from, int to) {
        if (node >= interior) {
            lastOfLeaf[node - interior] = to - 1;
            return;
        }
        int dimension = widest(from, to);
        int middle = (from + to) / 2;
        select(from, to - 1, middle, dimension);
        // Clearing the low bits moves the plane down, so some points may have to change sides: take the neighbouring
        // plane that leaves the tree more even.
        long median = from < to ? coordinate(middle, dimension) : 0;
        long below = median & ~(long) splitMask;
        long above = Math.min(below + splitMask + 1, 0xFFFFFFFFL & ~(long) splitMask);
        int cutBelow = cut(from, to, middle, dimension, below);
        int cutAbove = cut(from, to, middle, dimension, above);
        boolean up = Math.abs(cutAbove - middle) < Math.abs(cutBelow - middle);
        long plane = up ? above : below;
        int cut = up ? cutAbove : cutBelow;
        partition(from, to, dimension, plane, cut);
        splits[node] = (int) plane | dimension;
        build(2 * node + 1, from, cut);
        build(2 * node + 2, cut, to);
    }

    private int widest(int from, int to) {
        int best = 0;
        long widest = -1;
        for (int d = 0; d < dimensions; d++) {
            long low = Long.MAX_VALUE;
            long high = Long.MIN_VALUE;
            for (int i = from; i < to; i++) {
                long c = coordinate(i, d);
                low = Math.min(low, c);
                high = Math.max(high, c);
            }
            if (high - low > widest) {
                widest = high - low;
                best = d;
            }
        }
        return best;
    }

    /** Where a plane may divide the points: as near to the middle as those on the plane allow. */
    private int cut(int from, int to, int middle, int dimension, long plane) {
        int less = from;
        int lessOrEqual = from;
        for (int i = from; i < to; i++) {
            long c = coordinate(i, dimension);
            less += c < plane ? 1 : 0;
            lessOrEqual += c <= plane ? 1 : 0;
        }
        return Math.max(less, Math.min(lessOrEqual, middle));
    }

    /** Moves the smallest points before the cut; points on the plane fill up the left side. */
    private void partition(int from, int to, int dimension, long plane, int cut) {
        int next = from;
        for (int i = from; i < to; i++) {
            if (coordinate(i, dimension) < plane) {
                swap(i, next++);
            }
        }
        for (int i = next; i < to && next < cut; i++) {
            if (coordinate(i, dimension) == plane) {
                swap(i, next++);
            }
        }
    }

    /** Quickselect (Hoare 1961): brings the point that belongs to position {@code k} there. */
    private void select(int first, int last, int k, int dimension) {
        int low = first;
        int high = last;
        while (low < high) {
            long pivot = coordinate(low + (high - low) / 2, dimension);
            int i = low;
            int j = high;
            while (i <= j) {
                while (coordinate(i, dimension) < pivot) {
                    i++;
                }
                while (coordinate(j, dimension) > pivot) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private void swap(int a, int b) {
        if (a == b) {
            return;
        }
        for (int d = 0; d < dimensions; d++) {
            int t = raw[a * dimensions + d];
            raw[a * dimensions + d] = raw[b * dimensions + d];
            raw[b * dimensions + d] = t;
        }
        int t = items[a];
        items[a] = items[b];
        items[b] = t;
    }

    /**
     * Finds points within a distance, all in packed units.
     *
     * @param hits receives the positions; must have room for all points
     * @return how many there are
     */
    int search(double[] query, double radius, int[] hits) {
        return search(0, 0, size(), query, radius, hits, 0);
    }

    private int search(int node, int from, int to, double[] query, double radius, int[] hits, int found) {
        int count = found;
        if (node >= interior) {
            for (int i = from; i < to; i++) {
                if (distance2(i, query) <= radius * radius) {
                    hits[count++] = i;
                }
            }
            return count;
        }
        int dimension = splits[node] & splitMask;
        double plane = (splits[node] & ~splitMask) & 0xFFFFFFFFL;
        int middle = firstOf(2 * node + 2);
        if (query[dimension] - radius <= plane) {
            count = search(2 * node + 1, from, middle, query, radius, hits, count);
        }
        if (query[dimension] + radius >= plane) {
            count = search(2 * node + 2, middle, to, query, radius, hits, count);
        }
        return count;
    }

    private int firstOf(int node) {
        int leaf = node;
        while (leaf < interior) {
            leaf = 2 * leaf + 1;
        }
        return lastOfLeaf[leaf - interior - 1] + 1;
    }

    private double distance2(int position, double[] query) {
        double sum = 0;
        for (int d = 0; d < dimensions; d++) {
            double delta = coordinate(position, d) - query[d];
            sum += delta * delta;
        }
        return sum;
    }
}
