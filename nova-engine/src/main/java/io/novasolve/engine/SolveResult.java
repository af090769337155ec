package io.novasolve.engine;

import io.novasolve.sky.solution.Solution;

/** The answer of a search. */
public sealed interface SolveResult {

    /** What the search did. */
    SearchProgress statistics();

    /**
     * The picture was solved.
     *
     * @param centreError how well the position of the picture's middle is known
     */
    record Solved(Solution solution, CentreError centreError, SearchProgress statistics) implements SolveResult {}

    /** The picture was not solved. */
    record Unsolved(Reason reason, SearchProgress statistics) implements SolveResult {}

    /** Why there is no solution. */
    enum Reason {
        /** All quads to the wanted depth were tried. */
        EXHAUSTED,
        /** The deadline came first. */
        DEADLINE,
        /** Somebody cancelled, or the calling thread was interrupted. */
        CANCELLED,
        /** The list has too few stars to make a quad and test it. */
        TOO_FEW_STARS,
        /** No index has quads of the size that the request allows, or in the part of the sky that it names. */
        NO_INDEX
    }

    /**
     * Covariance of the sky position of the picture's middle, in square arcseconds, from the scatter of the matched stars
     * about the fit.
     */
    record CentreError(double eastEast, double eastNorth, double northNorth) {

        /** One standard error along the worst direction, in arcseconds. */
        public double worstArcsec() {
            double mean = (eastEast + northNorth) / 2;
            double half = Math.hypot((eastEast - northNorth) / 2, eastNorth);
            return Math.sqrt(Math.max(0, mean + half));
        }
    }
}
