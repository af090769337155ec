package io.novasolve.core.spi;

/**
 * How far a search has come.
 *
 * @param depth stars of the list that have been used for quads so far; 0 if unknown
 * @param indexesTried index files searched so far; 0 if unknown
 * @param quadsTried quads of the picture that were looked up so far; 0 if unknown
 * @param bestLogOdds best log-odds of a hypothesis so far; negative infinity if there was none
 */
public record SolveProgress(int depth, int indexesTried, long quadsTried, double bestLogOdds) {}
