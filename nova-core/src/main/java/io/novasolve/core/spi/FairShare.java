package io.novasolve.core.spi;

/**
 * How submitters share the workers: start-time fair queueing (Goyal, Vin &amp; Cheng 1997). The first work of a submitter
 * gets the turn that is being served, each further one comes a step later; the lowest turn is served first. So whoever
 * waits is served in turn, and a larger step is a smaller share.
 */
public final class FairShare {

    private static final int STEP = 2;
    private static final int ANONYMOUS_STEP = 4;

    private FairShare() {}

    /** From one turn of a submitter to the next; anonymous work, all together, gets half the turns of anybody else. */
    public static int step(String submitter) {
        return submitter.isEmpty() ? ANONYMOUS_STEP : STEP;
    }
}
