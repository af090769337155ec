package io.novasolve.examples.cli;

import io.novasolve.core.model.SolveOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to solve a file.
 *
 * @param name what is different, in words
 * @param lesson what to do if this solves it
 */
record Trial(String name, String lesson, SolveOptions options) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double POOR_POSITIONS_PX = 3;

    /** As given first, then one thing changed at a time, the commonest mistakes first. */
    static List<Trial> of(SolveOptions given, boolean picture) {
        SolveOptions patient = with(SolveOptions.builder().timeout(PATIENCE), SolveOptions.defaults());
        SolveOptions first = given.orElse(patient);
        List<Trial> trials = new ArrayList<>();
        trials.add(new Trial("as it is", "It solves as it is: nothing is wrong.", first));
        if (given.scale() != null || given.position() != null || given.parity() != null) {
            trials.add(new Trial(
                    "without the scale, position and parity given",
                    "It solves without the scale, position and parity that were given: one of them is wrong."
                            + " Compare them with the solution.",
                    withoutHints(given).orElse(patient)));
        }
        SolveOptions free = withoutHints(given).orElse(patient);
        trials.add(new Trial(
                "with poorer star positions",
                "It solves with --pixel-error 3: its stars are trailed, blurred or distorted.",
                with(SolveOptions.builder().positionalErrorPx(POOR_POSITIONS_PX), free)));
        if (picture) {
            boolean inverted = Boolean.TRUE.equals(given.invert());
            trials.add(new Trial(
                    inverted ? "as a positive" : "as a negative",
                    inverted
                            ? "It solves without --invert: its stars are bright."
                            : "It solves with --invert: its stars are dark on a bright sky.",
                    with(SolveOptions.builder().invert(!inverted), free)));
            for (int n : new int[] {2, 4}) {
                trials.add(new Trial(
                        "binned " + n + " × " + n,
                        "It solves with --downsample " + n + ": its stars are large or noisy.",
                        with(SolveOptions.builder().downsample(n), free)));
            }
        }
        return trials;
    }

    private static SolveOptions withoutHints(SolveOptions given) {
        return SolveOptions.builder()
                .width(given.width())
                .height(given.height())
                .invert(given.invert())
                .timeout(given.timeout())
                .build();
    }

    private static SolveOptions with(SolveOptions.Builder change, SolveOptions others) {
        return change.build().orElse(others);
    }
}
