package io.novasolve.sky;

/** The seed of tests that draw at random: the same in every run, unless {@code -Dnova.test.seed=…} gives another. */
public final class TestSeed {

    private static final long DEFAULT = 20260101;

    private TestSeed() {}

    /** Prints the seed, so that a failure can be repeated. */
    public static long of(Class<?> test) {
        long seed = Long.getLong("nova.test.seed", DEFAULT);
        System.out.println(test.getSimpleName() + ": -Dnova.test.seed=" + seed);
        return seed;
    }
}
