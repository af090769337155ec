package io.novasolve.engine.index;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Small index files of a sky of random stars, in every encoding that index files come in. */
public final class IndexFixture {

    /** How the trees are written. */
    public enum Encoding {
        PACKED,
        PACKED_WITH_PERMUTATION,
        PACKED_WITH_SPLIT_DIMENSIONS,
        PACKED_BOXES,
        LINEAR_LEAVES,
        FLOAT,
        DOUBLE,
        DOUBLE_PLANES_OVER_PACKED_POINTS
    }

    public final List<double[]> stars = new ArrayList<>();
    public final List<int[]> quads = new ArrayList<>();
    public final List<double[]> codes = new ArrayList<>();
    private final int quadSize;
    private final double minAb;
    private final double maxAb;
    private final Random random;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private Encoding encoding = Encoding.PACKED;
    private int healpix = -1;
    private int[] starItems = {};
    private int[] quadItems = {};

    /** @param minAbDeg smallest quad; the largest is 1.5 times that */
    public IndexFixture(int quadSize, int starCount, int quadCount, double minAbDeg, long seed) {
        this.quadSize = quadSize;
        minAb = Math.toRadians(minAbDeg);
        maxAb = 1.5 * minAb;
        random = new Random(seed);
        while (stars.size() < starCount) {
            double[] v = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            double n = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
            stars.add(new double[] {v[0] / n, v[1] / n, v[2] / n});
        }
        for (int tries = 0; quads.size() < quadCount; tries++) {
            if (tries > 1000 * quadCount) {
                throw new IllegalStateException("too few stars for quads of that size");
            }
            tryQuad(random.nextInt(starCount));
        }
    }

    public IndexFixture order(ByteOrder wanted) {
        order = wanted;
        return this;
    }

    public IndexFixture encoding(Encoding wanted) {
        encoding = wanted;
        return this;
    }

    public IndexFixture tile(int number) {
        healpix = number;
        return this;
    }

    private void tryQuad(int a) {
        List<Integer> near = new ArrayList<>();
        for (int s = 0; s < stars.size(); s++) {
            if (s != a && dot(a, s) >= Math.cos(maxAb)) {
                near.add(s);
            }
        }
        near.sort(Comparator.comparingDouble(s -> angle(a, s)));
        for (int b : near) {
            if (angle(a, b) < minAb) {
                continue;
            }
            List<Integer> inner = new ArrayList<>();
            for (int s : near) {
                if (s != b && isInside(a, b, s)) {
                    inner.add(s);
                }
            }
            if (inner.size() >= quadSize - 2) {
                addQuad(a, b, inner.subList(0, quadSize - 2));
                return;
            }
        }
    }

    private boolean isInside(int a, int b, int s) {
        double[] c = QuadCode.of(new double[][] {stars.get(a), stars.get(b), stars.get(s)});
        return c[0] * c[0] - c[0] + c[1] * c[1] - c[1] <= 0;
    }

    private void addQuad(int a, int b, List<Integer> inner) {
        double[] c = code(a, b, inner);
        double mean = 0;
        for (int k = 0; k < c.length; k += 2) {
            mean += c[k] / (quadSize - 2);
        }
        int first = mean <= 0.5 ? a : b;
        int second = mean <= 0.5 ? b : a;
        List<Integer> sorted = new ArrayList<>(inner);
        sorted.sort(Comparator.comparingDouble(s -> code(first, second, List.of(s))[0]));
        int[] quad = new int[quadSize];
        quad[0] = first;
        quad[1] = second;
        for (int k = 2; k < quadSize; k++) {
            quad[k] = sorted.get(k - 2);
        }
        quads.add(quad);
        codes.add(code(first, second, sorted));
    }

    private double[] code(int a, int b, List<Integer> inner) {
        double[][] s = new double[inner.size() + 2][];
        s[0] = stars.get(a);
        s[1] = stars.get(b);
        for (int k = 0; k < inner.size(); k++) {
            s[k + 2] = stars.get(inner.get(k));
        }
        return QuadCode.of(s);
    }

    private double angle(int a, int b) {
        return Math.acos(Math.max(-1, Math.min(1, dot(a, b))));
    }

    private double dot(int a, int b) {
        double[] p = stars.get(a);
        double[] q = stars.get(b);
        return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    }

    /** The file. In the result stars and quads may be renumbered; read them through the index. */
    public byte[] bytes() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        boolean renumber = encoding == Encoding.PACKED_WITH_PERMUTATION;
        Tree starTree = new Tree("stars", stars, -1, 1, true);
        Tree codeTree = new Tree("codes", codes, 0.5 - Math.sqrt(0.5), 0.5 + Math.sqrt(0.5), false);
        starItems = renumber ? identity(stars.size()) : inverse(starTree.position);
        quadItems = renumber ? identity(quads.size()) : inverse(codeTree.position);
        header(
                file,
                List.of(
                        "SIMPLE  =                    T",
                        "BITPIX  =                    8",
                        "NAXIS   =                    0",
                        "EXTEND  =                    T",
                        "AN_FILE = 'QUAD    '",
                        endian(),
                        "        =",
                        "DIMQUADS= " + quadSize,
                        "NQUADS  = " + quads.size(),
                        "NSTARS  = " + stars.size(),
                        "SCALE_U = " + maxAb,
                        "SCALE_L = " + minAb,
                        "INDEXID = 77",
                        "HEALPIX = " + healpix,
                        "HPNSIDE = " + (healpix < 0 ? 0 : 1)));
        ByteBuffer quadBytes = ByteBuffer.allocate(4 * quadSize * quads.size()).order(order);
        int[][] rows = new int[quads.size()][];
        for (int q = 0; q < rows.length; q++) {
            rows[quadItems[q]] = quads.get(q);
        }
        for (int[] row : rows) {
            for (int s : row) {
                quadBytes.putInt(starItems[s]);
            }
        }
        table(file, "quads", 4 * quadSize, quads.size(), quadBytes.array(), List.of());
        codeTree.write(file, List.of("CXDX    = T", "CXDXLT1 = T", "CIRCLE  = T"), renumber);
        starTree.write(file, List.of("CUTNSIDE= 6", "JITTER  = 1.5"), renumber);
        byte[] sweep = new byte[stars.size()];
        for (int s = 0; s < sweep.length; s++) {
            sweep[starItems[s]] = (byte) (256L * s / sweep.length);
        }
        table(file, "sweep", 1, sweep.length, sweep, List.of());
        ByteBuffer tags = ByteBuffer.allocate(6 * stars.size());
        for (int s = 0; s < stars.size(); s++) {
            tags.putFloat(6 * starItems[s] + 2, s / 100f);
        }
        table(
                file,
                "ID",
                6,
                stars.size(),
                tags.array(),
                List.of("AN_FILE = 'TAGALONG'", "TFIELDS = 2", "TFORM1  = 'I'", "TTYPE2  = 'MAG_V'", "TFORM2  = 'E'"));
        return file.toByteArray();
    }

    /** The number in the file of a star of {@link #stars}. */
    public int fileStar(int star) {
        return starItems[star];
    }

    /** The number in the file of a quad of {@link #quads}. */
    public int fileQuad(int quad) {
        return quadItems[quad];
    }

    private static int[] identity(int n) {
        int[] all = new int[n];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private static int[] inverse(int[] position) {
        int[] inverse = new int[position.length];
        for (int i = 0; i < inverse.length; i++) {
            inverse[position[i]] = i;
        }
        return inverse;
    }

    private String endian() {
        return "ENDIAN  = '" + (order == ByteOrder.LITTLE_ENDIAN ? "04:03:02:01" : "01:02:03:04") + "'";
    }

    private static void header(ByteArrayOutputStream file, List<String> cards) {
        StringBuilder text = new StringBuilder();
        for (String card : cards) {
            text.append(String.format(Locale.ROOT, "%-80s", card));
        }
        text.append(String.format(Locale.ROOT, "%-80s", "END"));
        while (text.length() % 2880 != 0) {
            text.append(' ');
        }
        file.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void table(
            ByteArrayOutputStream file, String name, int rowBytes, int rows, byte[] data, List<String> more) {
        List<String> cards = new ArrayList<>(List.of(
                "XTENSION= 'BINTABLE'",
                "BITPIX  = 8",
                "NAXIS   = 2",
                "NAXIS1  = " + rowBytes,
                "NAXIS2  = " + rows,
                "PCOUNT  = 0",
                "GCOUNT  = 1",
                "TTYPE1  = '" + name + "' / content"));
        cards.addAll(more);
        header(file, cards);
        file.writeBytes(data);
        file.writeBytes(new byte[(2880 - data.length % 2880) % 2880]);
    }

    /** A tree over points; {@code position[i]} is the point at position i. */
    private final class Tree {

        private final String name;
        private final List<double[]> points;
        private final int dimensions;
        private final double low;
        private final double scale;
        private final boolean wide;
        private final int leaves;
        private final int[] position;
        private final int[] lastOfLeaf;
        private final int[] splitDimension;
        private final double[] plane;
        private final double[][] box;

        Tree(String name, List<double[]> points, double low, double high, boolean wide) {
            this.name = name;
            this.points = points;
            this.low = low;
            this.wide = wide;
            dimensions = points.get(0).length;
            scale = (wide ? 4294967295.0 : 65535.0) / (high - low);
            leaves = Integer.highestOneBit(Math.max(1, points.size() / 8));
            position = identity(points.size());
            lastOfLeaf = new int[leaves];
            splitDimension = new int[leaves - 1];
            plane = new double[leaves - 1];
            box = new double[2 * leaves - 1][2 * dimensions];
            build(0, 0, points.size());
        }

        private double raw(int point, int d) {
            double real = points.get(point)[d];
            return isPacked() ? Math.rint((real - low) * scale) : real;
        }

        private boolean isPacked() {
            return encoding != Encoding.FLOAT && encoding != Encoding.DOUBLE;
        }

        private void build(int node, int from, int to) {
            for (int d = 0; d < dimensions; d++) {
                box[node][d] = Double.MAX_VALUE;
                box[node][dimensions + d] = -Double.MAX_VALUE;
                for (int i = from; i < to; i++) {
                    box[node][d] = Math.min(box[node][d], raw(position[i], d));
                    box[node][dimensions + d] = Math.max(box[node][dimensions + d], raw(position[i], d));
                }
            }
            if (node >= leaves - 1) {
                lastOfLeaf[node - leaves + 1] = to - 1;
                return;
            }
            int dimension = random.nextInt(dimensions);
            Integer[] sorted = Arrays.stream(position, from, to).boxed().toArray(Integer[]::new);
            Arrays.sort(sorted, Comparator.comparingDouble(p -> raw(p, dimension)));
            for (int i = from; i < to; i++) {
                position[i] = sorted[i - from];
            }
            int middle = middle(node, from, to, dimension);
            splitDimension[node] = dimension;
            build(2 * node + 1, from, middle);
            build(2 * node + 2, middle, to);
        }

        /** Where the right side starts; the plane is at or above the left side and at or below the right one. */
        private int middle(int node, int from, int to, int dimension) {
            if (encoding == Encoding.LINEAR_LEAVES) {
                int d = Integer.numberOfTrailingZeros(leaves) - (31 - Integer.numberOfLeadingZeros(node + 1));
                int firstRight = ((2 * node + 3) << (d - 1)) - leaves;
                int at = (int) ((long) firstRight * points.size() / leaves);
                plane[node] = raw(position[at], dimension);
                return at;
            }
            double p = raw(position[(from + to) / 2 < points.size() ? (from + to) / 2 : from], dimension);
            if (isPacked()) {
                p = ((long) p) & ~mask();
            }
            plane[node] = p;
            int at = from;
            while (at < to && raw(position[at], dimension) <= p) {
                at++;
            }
            return at;
        }

        private long mask() {
            return dimensions <= 2 ? 1 : dimensions <= 4 ? 3 : 7;
        }

        void write(ByteArrayOutputStream file, List<String> cards, boolean permuted) {
            String pointType = isPacked() ? wide ? "u32" : "u16" : encoding == Encoding.FLOAT ? "float" : "double";
            boolean doublePlanes = encoding == Encoding.DOUBLE_PLANES_OVER_PACKED_POINTS;
            String planeType = doublePlanes ? "double" : pointType;
            int nodes = 2 * leaves - 1;
            List<String> header = new ArrayList<>(List.of(
                    endian(),
                    "        =",
                    "KDT_NAME= '" + name + "'",
                    "KDT_NDAT= " + points.size(),
                    "KDT_NDIM= " + dimensions,
                    "KDT_NNOD= " + nodes,
                    "KDT_EXT = 'double'",
                    "KDT_INT = '" + planeType + "'",
                    "KDT_DATA= '" + pointType + "'",
                    "KDT_LINL= " + (encoding == Encoding.LINEAR_LEAVES ? "T" : "F")));
            header.addAll(cards);
            table(file, "kdtree_header_" + name, 0, 0, new byte[0], header);
            if (encoding != Encoding.LINEAR_LEAVES) {
                ByteBuffer lr = ByteBuffer.allocate(4 * leaves).order(order);
                Arrays.stream(lastOfLeaf).forEach(lr::putInt);
                table(file, "kdtree_lr_" + name, 4, leaves, lr.array(), List.of());
            }
            if (permuted) {
                ByteBuffer perm = ByteBuffer.allocate(4 * position.length).order(order);
                Arrays.stream(position).forEach(perm::putInt);
                table(file, "kdtree_perm_" + name, 4, position.length, perm.array(), List.of());
            }
            boolean apart = encoding == Encoding.PACKED_WITH_SPLIT_DIMENSIONS
                    || encoding == Encoding.LINEAR_LEAVES
                    || doublePlanes
                    || !isPacked();
            if (encoding == Encoding.PACKED_BOXES) {
                ByteBuffer bb = ByteBuffer.allocate(bytes(planeType) * 2 * dimensions * nodes)
                        .order(order);
                for (double[] b : box) {
                    Arrays.stream(b).forEach(v -> put(bb, planeType, Math.abs(v) > 1e12 ? 0 : v));
                }
                table(file, "kdtree_bb_" + name, bytes(planeType) * 2 * dimensions, nodes, bb.array(), List.of());
            } else {
                ByteBuffer split =
                        ByteBuffer.allocate(bytes(planeType) * (leaves - 1)).order(order);
                for (int i = 0; i < leaves - 1; i++) {
                    double value = doublePlanes ? plane[i] / scale + low : plane[i];
                    put(split, planeType, apart ? value : plane[i] + splitDimension[i]);
                }
                table(file, "kdtree_split_" + name, bytes(planeType), leaves - 1, split.array(), List.of());
            }
            if (apart) {
                byte[] dims = new byte[leaves - 1];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = (byte) splitDimension[i];
                }
                table(file, "kdtree_splitdim_" + name, 1, dims.length, dims, List.of());
            }
            if (isPacked()) {
                ByteBuffer range = ByteBuffer.allocate(8 * (2 * dimensions + 1)).order(order);
                for (int d = 0; d < 2 * dimensions; d++) {
                    range.putDouble(d < dimensions ? low : low + (wide ? 4294967295.0 : 65535.0) / scale);
                }
                range.putDouble(scale);
                table(file, "kdtree_range_" + name, 8, 2 * dimensions + 1, range.array(), List.of());
            }
            ByteBuffer data = ByteBuffer.allocate(bytes(pointType) * dimensions * points.size())
                    .order(order);
            for (int p : position) {
                for (int d = 0; d < dimensions; d++) {
                    put(data, pointType, raw(p, d));
                }
            }
            table(file, "kdtree_data_" + name, bytes(pointType) * dimensions, points.size(), data.array(), List.of());
        }

        private int bytes(String type) {
            return switch (type) {
                case "u16" -> 2;
                case "double" -> 8;
                default -> 4;
            };
        }

        private void put(ByteBuffer buffer, String type, double value) {
            switch (type) {
                case "u16" -> buffer.putShort((short) (long) value);
                case "u32" -> buffer.putInt((int) (long) value);
                case "float" -> buffer.putFloat((float) value);
                default -> buffer.putDouble(value);
            }
        }
    }
}
