package io.novasolve.engine.index;

import io.novasolve.engine.index.FitsChunks.Chunk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A k-d tree as index files hold it: a complete binary tree in heap order over points that lie in leaf order, with packed
 * split planes, separate split dimensions, or boxes. Reads straight from the mapped bytes; immutable, for many threads.
 *
 * <p>Coordinates are kept as the file has them, which is an integer (raw − lo) · scale for the packed encodings; queries
 * are converted once.
 */
public final class KdTree {

    private static final int MAX_DIMENSIONS = 6;

    /** The number formats of points and split planes. */
    private enum Type {
        U16(2),
        U32(4),
        FLOAT(4),
        DOUBLE(8);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        boolean isInteger() {
            return this == U16 || this == U32;
        }

        double read(ByteBuffer data, int item) {
            return switch (this) {
                case U16 -> data.getShort(2 * item) & 0xFFFF;
                case U32 -> data.getInt(4 * item) & 0xFFFFFFFFL;
                case FLOAT -> data.getFloat(4 * item);
                case DOUBLE -> data.getDouble(8 * item);
            };
        }
    }

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final String index;
    private final int size;
    private final int dimensions;
    private final int interior;
    private final int leaves;
    private final Type pointType;
    private final Type planeType;
    private final ByteBuffer points;
    private final ByteBuffer lastOfLeaf;
    private final ByteBuffer splits;
    private final ByteBuffer splitDimensions;
    private final ByteBuffer boxes;
    private final ByteBuffer permutation;
    private final boolean useSplits;
    private final int splitMask;
    private final double[] low;
    private final double scale;

    private KdTree(FitsChunks file, String name) throws IndexFormatException {
        Chunk header = file.get("kdtree_header_" + name);
        index = header.index();
        size = header.integer("KDT_NDAT");
        dimensions = header.integer("KDT_NDIM");
        int nodes = header.integer("KDT_NNOD");
        check(size > 0, name, "it has no points");
        check(dimensions > 0 && dimensions <= MAX_DIMENSIONS, name, "it has " + dimensions + " dimensions");
        check(nodes > 0 && (nodes & (nodes + 1)) == 0, name, nodes + " nodes make no complete tree");
        leaves = (nodes + 1) / 2;
        interior = nodes - leaves;
        pointType = type(header, "KDT_DATA", name);
        planeType = type(header, "KDT_INT", name);
        check(!planeType.isInteger() || planeType == pointType, name, "split planes and points are packed differently");

        ByteOrder order = order(header);
        points = column(file, "kdtree_data_" + name, pointType.bytes * dimensions, size, order);
        double[] range = new double[2 * dimensions + 1];
        low = new double[dimensions];
        if (pointType.isInteger()) {
            ByteBuffer chunk = column(file, "kdtree_range_" + name, 8, range.length, order);
            Arrays.setAll(range, i -> chunk.getDouble(8 * i));
            System.arraycopy(range, 0, low, 0, dimensions);
            scale = range[2 * dimensions];
            check(scale > 0 && scale < 1e30, name, "the scale of its packing is " + scale);
            check(Arrays.stream(low).allMatch(v -> Math.abs(v) < 1e6), name, "its packing has no finite origin");
        } else {
            scale = 1;
        }
        lastOfLeaf = header.flag("KDT_LINL") && file.find("kdtree_lr_" + name).isEmpty()
                ? NONE
                : column(file, "kdtree_lr_" + name, 4, leaves, order);
        splits = optional(file, "kdtree_split_" + name, planeType.bytes, interior, order);
        splitDimensions = optional(file, "kdtree_splitdim_" + name, 1, interior, order);
        boxes = optional(file, "kdtree_bb_" + name, 2 * dimensions * planeType.bytes, nodes, order);
        permutation = optional(file, "kdtree_perm_" + name, 4, size, order);
        useSplits = interior == 0 || splits.limit() > 0 && (planeType.isInteger() || splitDimensions.limit() > 0);
        check(useSplits || boxes.limit() > 0, name, "it has neither split planes nor boxes");
        splitMask = Integer.highestOneBit(Math.max(1, 2 * dimensions - 1)) - 1;
        checkLeaves(name);
    }

    static KdTree read(FitsChunks file, String name) throws IndexFormatException {
        return new KdTree(file, name);
    }

    /** The byte order a header declares; index files are memory images, so it matters and has no default. */
    static ByteOrder order(Chunk header) throws IndexFormatException {
        String endian = header.text("ENDIAN").orElse("");
        return switch (endian) {
            case "04:03:02:01" -> ByteOrder.LITTLE_ENDIAN;
            case "01:02:03:04" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new IndexFormatException(
                        header.index(), "the byte order “" + endian + "” in the card ENDIAN is unknown");
        };
    }

    static ByteBuffer column(FitsChunks file, String table, int bytes, int rows, ByteOrder order)
            throws IndexFormatException {
        Chunk chunk = file.get(table);
        if (chunk.rowBytes() != bytes || chunk.rows() != rows) {
            throw new IndexFormatException(
                    chunk.index(),
                    "the table " + table + " should have " + rows + " rows of " + bytes + " bytes, but has "
                            + chunk.rows() + " of " + chunk.rowBytes());
        }
        return chunk.data().order(order);
    }

    private static ByteBuffer optional(FitsChunks file, String table, int bytes, int rows, ByteOrder order)
            throws IndexFormatException {
        return file.find(table).isPresent() ? column(file, table, bytes, rows, order) : NONE;
    }

    private static Type type(Chunk header, String key, String name) throws IndexFormatException {
        String text = header.text(key).orElse("");
        return switch (text) {
            case "u16" -> Type.U16;
            case "u32" -> Type.U32;
            case "float" -> Type.FLOAT;
            case "double" -> Type.DOUBLE;
            default ->
                throw new IndexFormatException(
                        header.index(),
                        "the " + name + " tree has the unsupported number type “" + text + "” (" + key + ")");
        };
    }

    private void check(boolean good, String name, String reason) throws IndexFormatException {
        if (!good) {
            throw new IndexFormatException(index, "the tree of " + name + " is broken: " + reason);
        }
    }

    private void checkLeaves(String name) throws IndexFormatException {
        if (lastOfLeaf.limit() == 0) {
            return;
        }
        int previous = -1;
        for (int leaf = 0; leaf < leaves; leaf++) {
            int last = lastOfLeaf.getInt(4 * leaf);
            check(last >= previous && last < size, name, "leaf " + leaf + " ends at point " + last);
            previous = last;
        }
        check(previous == size - 1, name, "its leaves hold " + (previous + 1) + " of " + size + " points");
    }

    /** Number of points. */
    public int size() {
        return size;
    }

    public int dimensions() {
        return dimensions;
    }

    /** Whether points are numbered in tree order, so that position and number are the same. */
    boolean isInOrder() {
        return permutation.limit() == 0;
    }

    /** The item number of the point at a position of the tree. */
    int itemAt(int position) {
        return permutation.limit() == 0 ? position : permutation.getInt(4 * position);
    }

    /** One coordinate of the point at a position of the tree, in real units. */
    public double coordinate(int position, int dimension) {
        return pointType.read(points, position * dimensions + dimension) / scale + low[dimension];
    }

    /** Smallest difference the packing can express; 0 for floating point. */
    public double quantum() {
        return pointType.isInteger() ? 1 / scale : 0;
    }

    /**
     * Finds all points within a distance; the hits are positions in the tree, in no particular order.
     *
     * @param query point in real units
     * @param radius Euclidean distance in the same units
     * @param hits receives the result
     */
    public void search(double[] query, double radius, Hits hits) {
        hits.count = 0;
        hits.unit2 = scale * scale;
        double[] q = hits.query;
        for (int d = 0; d < dimensions; d++) {
            q[d] = (query[d] - low[d]) * scale;
        }
        double r = radius * scale;
        int[] stack = hits.stack;
        int top = 0;
        stack[top++] = 0;
        while (top > 0) {
            int node = stack[--top];
            if (node >= interior) {
                searchLeaf(node - interior, q, r, hits);
            } else if (!useSplits) {
                top = pushBoxes(node, q, r, stack, top);
            } else {
                top = pushSides(node, q, r, stack, top);
            }
        }
    }

    private int pushSides(int node, double[] q, double r, int[] stack, int top) {
        int dimension;
        double plane;
        if (planeType == Type.U16) {
            int packed = splits.getShort(2 * node) & 0xFFFF;
            dimension = packed & splitMask;
            plane = packed & ~splitMask;
        } else if (planeType == Type.U32) {
            int packed = splits.getInt(4 * node);
            dimension = packed & splitMask;
            plane = (packed & ~splitMask) & 0xFFFFFFFFL;
        } else {
            dimension = splitDimensions.get(node);
            plane = (planeType.read(splits, node) - low[dimension % dimensions]) * scale;
        }
        if (splitDimensions.limit() > 0) {
            dimension = splitDimensions.get(node);
            plane = planeType.isInteger() ? planeType.read(splits, node) : plane;
        }
        // A damaged plane may name a dimension that is not there: search both sides.
        boolean known = dimension >= 0 && dimension < dimensions;
        if (!known || q[dimension] + r + 1 >= plane) {
            stack[top++] = 2 * node + 2;
        }
        if (!known || q[dimension] - r - 1 <= plane) {
            stack[top++] = 2 * node + 1;
        }
        return top;
    }

    private int pushBoxes(int node, double[] q, double r, int[] stack, int top) {
        int t = top;
        for (int child = 2 * node + 2; child > 2 * node; child--) {
            if (reaches(child, q, r)) {
                stack[t++] = child;
            }
        }
        return t;
    }

    private boolean reaches(int node, double[] q, double r) {
        int at = 2 * dimensions * node;
        for (int d = 0; d < dimensions; d++) {
            double lo = planeType.read(boxes, at + d);
            double hi = planeType.read(boxes, at + dimensions + d);
            if (!planeType.isInteger()) {
                lo = (lo - low[d]) * scale;
                hi = (hi - low[d]) * scale;
            }
            if (q[d] + r + 1 < lo || q[d] - r - 1 > hi) {
                return false;
            }
        }
        return true;
    }

    private void searchLeaf(int leaf, double[] q, double r, Hits hits) {
        int from;
        int to;
        if (lastOfLeaf.limit() == 0) {
            from = (int) ((long) leaf * size / leaves);
            to = (int) ((leaf + 1L) * size / leaves);
        } else {
            from = leaf == 0 ? 0 : lastOfLeaf.getInt(4 * leaf - 4) + 1;
            to = lastOfLeaf.getInt(4 * leaf) + 1;
        }
        // Leaves were checked when the file was opened; of a mapped page that is gone meanwhile anything may be read.
        Objects.checkFromToIndex(from, to, size);
        hits.reserve(to - from);
        if (pointType == Type.U16 && dimensions == 4) {
            searchFourStarLeaf(from, to, q, r * r, hits);
        } else if (pointType == Type.U32 && dimensions == 3) {
            searchStarLeaf(from, to, q, r * r, hits);
        } else {
            searchAnyLeaf(from, to, q, r * r, hits);
        }
    }

    private void searchFourStarLeaf(int from, int to, double[] q, double r2, Hits hits) {
        double q0 = q[0];
        double q1 = q[1];
        double q2 = q[2];
        double q3 = q[3];
        for (int i = from; i < to; i++) {
            double dx = (points.getShort(8 * i) & 0xFFFF) - q0;
            double dy = (points.getShort(8 * i + 2) & 0xFFFF) - q1;
            double d2 = dx * dx + dy * dy;
            if (d2 <= r2) {
                double dz = (points.getShort(8 * i + 4) & 0xFFFF) - q2;
                double dw = (points.getShort(8 * i + 6) & 0xFFFF) - q3;
                d2 += dz * dz + dw * dw;
                if (d2 <= r2) {
                    hits.position[hits.count] = i;
                    hits.distance2[hits.count++] = d2;
                }
            }
        }
    }

    private void searchStarLeaf(int from, int to, double[] q, double r2, Hits hits) {
        double q0 = q[0];
        double q1 = q[1];
        double q2 = q[2];
        for (int i = from; i < to; i++) {
            double dx = (points.getInt(12 * i) & 0xFFFFFFFFL) - q0;
            double dy = (points.getInt(12 * i + 4) & 0xFFFFFFFFL) - q1;
            double dz = (points.getInt(12 * i + 8) & 0xFFFFFFFFL) - q2;
            double d2 = dx * dx + dy * dy + dz * dz;
            if (d2 <= r2) {
                hits.position[hits.count] = i;
                hits.distance2[hits.count++] = d2;
            }
        }
    }

    private void searchAnyLeaf(int from, int to, double[] q, double r2, Hits hits) {
        for (int i = from; i < to; i++) {
            double d2 = 0;
            int at = i * dimensions;
            for (int d = 0; d < dimensions && d2 <= r2; d++) {
                double delta = pointType.read(points, at + d) - q[d];
                d2 += delta * delta;
            }
            if (d2 <= r2) {
                hits.position[hits.count] = i;
                hits.distance2[hits.count++] = d2;
            }
        }
    }

    /** Result and working space of searches, for one thread; grows as needed and is reused. */
    public static final class Hits {

        private final int[] stack = new int[128];
        private final double[] query = new double[MAX_DIMENSIONS];
        private int[] position = new int[256];
        private double[] distance2 = new double[256];
        private double unit2 = 1;
        private int count;

        /** Number of points found. */
        public int count() {
            return count;
        }

        /** Position in the tree of hit {@code i}. */
        public int position(int i) {
            return position[i];
        }

        /** Distance of hit {@code i}, in real units. */
        public double distance(int i) {
            return Math.sqrt(distance2[i] / unit2);
        }

        private void reserve(int more) {
            if (count + more > position.length) {
                int length = Math.max(2 * position.length, count + more);
                position = Arrays.copyOf(position, length);
                distance2 = Arrays.copyOf(distance2, length);
            }
        }
    }
}
