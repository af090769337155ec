package io.novasolve.engine;

/**
 * What a search has done so far.
 *
 * @param indexes indexes that can match the request
 * @param depth number of stars that quads are being made of
 * @param quadsTried groups of stars looked up, each with all its orders and parities, per index
 * @param codeMatches catalogue quads that looked alike
 * @param tested hypotheses that got the full test
 * @param bestLogOdds highest log-odds of any of them, 0 if none was positive
 * @param elapsedNanos by the control's ticker
 */
public record SearchProgress(
        int indexes,
        int depth,
        long quadsTried,
        long codeMatches,
        long tested,
        double bestLogOdds,
        long elapsedNanos) {}
