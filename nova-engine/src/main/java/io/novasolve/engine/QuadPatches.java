package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * The patch of the sky in which each quad of an index lies, two bytes for each: the quads of a cone are found without reading
 * all of them. Stars are numbered in the order of their tree, so a stretch of numbers is a patch; were they not, more
 * quads would be looked at and the same found. Immutable.
 */
final class QuadPatches {

    private static final int COUNT = 1 << 12;
    private static final int CHECK_EVERY = 1 << 14;

    private final Index index;
    private final int shift;
    private final char[] patches;
    private final boolean complete;

    /** @param stopped whether nobody needs them any more; they are not complete then */
    QuadPatches(Index index, BooleanSupplier stopped) {
        this.index = index;
        shift = Math.max(
                0, Integer.numberOfLeadingZeros(COUNT - 1) - Integer.numberOfLeadingZeros(index.starCount() - 1));
        patches = new char[index.quadCount()];
        boolean halted = false;
        for (int position = 0; position < patches.length && !halted; position++) {
            patches[position] = (char) patch(index.quadStar(index.quadAt(position), 0));
            halted = position % CHECK_EVERY == 0 && stopped.getAsBoolean();
        }
        complete = !halted;
    }

    boolean isComplete() {
        return complete;
    }

    private int patch(int star) {
        return star >> shift & COUNT - 1;
    }

    /** The positions in the code tree of the quads all of whose stars are among the given ones, unless it was stopped. */
    int[] within(BitSet stars, BooleanSupplier stopped) {
        boolean[] wanted = new boolean[COUNT];
        stars.stream().forEach(star -> wanted[patch(star)] = true);
        int[] found = new int[256];
        int count = 0;
        for (int position = 0; position < patches.length; position++) {
            if (position % CHECK_EVERY == 0 && stopped.getAsBoolean()) {
                break;
            }
            if (wanted[patches[position]] && isWithin(index.quadAt(position), stars)) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, 2 * count);
                }
                found[count++] = position;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean isWithin(int quad, BitSet stars) {
        for (int k = 0; k < index.quadSize(); k++) {
            if (!stars.get(index.quadStar(quad, k))) {
                return false;
            }
        }
        return true;
    }
}
