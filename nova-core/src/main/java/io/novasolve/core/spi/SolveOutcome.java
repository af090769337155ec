package io.novasolve.core.spi;

import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.sky.solution.Solution;
import java.util.Map;

/** The answer of a transport. Accidents are exceptions, never outcomes. */
public sealed interface SolveOutcome {

    /**
     * Files that came with the answer, by name; the log has gone to the context. {@code Nova.solved} needs {@code job.axy}
     * ({@code JobFile}) and {@code wcs.fits}, and takes {@code corr.fits}, {@code rdls.fits} and {@code match.fits}
     * ({@code SolutionFiles}).
     */
    Map<String, byte[]> files();

    /** The picture's place on the sky. */
    record Solved(Solution solution, Map<String, byte[]> files) implements SolveOutcome {
        public Solved {
            files = Map.copyOf(files);
        }
    }

    /**
     * The search ended without a place.
     *
     * @param detail a sentence for people: what was searched, and what might help
     */
    record Unsolved(UnsolvedReason reason, String detail, Map<String, byte[]> files) implements SolveOutcome {
        public Unsolved {
            files = Map.copyOf(files);
        }
    }
}
