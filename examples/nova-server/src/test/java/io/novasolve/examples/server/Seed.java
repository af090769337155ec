package io.novasolve.examples.server;

import java.util.Random;

/** The seed of tests that draw at random: fixed, so that runs can be compared, and printed. */
public final class Seed {

    private Seed() {}

    public static Random random() {
        long seed = Long.getLong("nova.test.seed", 20260101);
        System.out.println("seed " + seed);
        return new Random(seed);
    }
}
