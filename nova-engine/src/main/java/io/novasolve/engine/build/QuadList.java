package io.novasolve.engine.build;

import java.util.Arrays;

/** Quads that grow in number: their stars, and their codes packed into 16 bits. */
final class QuadList {

    private static final double CODE_LOW = 0.5 - Math.sqrt(0.5);
    private static final double CODE_SCALE = 0xFFFF / Math.sqrt(2);

    private final int quadSize;
    private int count;
    private int[] stars = new int[1024];
    private int[] codes = new int[1024];
    private int[] previous = new int[256];

    QuadList(int quadSize) {
        this.quadSize = quadSize;
    }

    static double[] codeRange(int dimensions) {
        double[] range = new double[2 * dimensions + 1];
        Arrays.fill(range, 0, dimensions, CODE_LOW);
        Arrays.fill(range, dimensions, 2 * dimensions, 0.5 + Math.sqrt(0.5));
        range[2 * dimensions] = CODE_SCALE;
        return range;
    }

    int count() {
        return count;
    }

    /** Star {@code k} (A, B, C…) of a quad. */
    int star(int quad, int k) {
        return stars[quad * quadSize + k];
    }

    /** All codes, packed, quad after quad. */
    int[] packedCodes() {
        return Arrays.copyOf(codes, count * 2 * (quadSize - 2));
    }

    /** Whether a quad of the same stars is in the chain that ends with a given one. */
    boolean contains(int[] quad, int chainEnd) {
        for (int other = chainEnd; other >= 0; other = previous[other]) {
            if (isSame(quad, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSame(int[] quad, int other) {
        for (int star : quad) {
            boolean found = false;
            for (int k = 0; k < quadSize; k++) {
                found |= star(other, k) == star;
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** Adds a quad to the chain that ends with another, and returns its number. */
    int add(int[] quad, double[] code, int chainEnd) {
        if (count == previous.length) {
            previous = Arrays.copyOf(previous, 2 * count);
        }
        if ((count + 1) * quadSize > stars.length) {
            stars = Arrays.copyOf(stars, 2 * stars.length);
        }
        if ((count + 1) * code.length > codes.length) {
            codes = Arrays.copyOf(codes, 2 * codes.length);
        }
        previous[count] = chainEnd;
        System.arraycopy(quad, 0, stars, count * quadSize, quadSize);
        for (int d = 0; d < code.length; d++) {
            long packed = Math.round((code[d] - CODE_LOW) * CODE_SCALE);
            codes[count * code.length + d] = (int) Math.max(0, Math.min(0xFFFF, packed));
        }
        return count++;
    }
}
