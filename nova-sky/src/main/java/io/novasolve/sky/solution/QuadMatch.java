package io.novasolve.sky.solution;

import java.util.List;

/**
 * The hypothesis that was accepted: which quad of which index, and what the test of it counted. A row of
 * {@code match.fits}.
 *
 * @param index base name of the index file, such as {@code index-tycho2-12}
 * @param indexId number of the index family, as its header says; 0 if it says nothing
 * @param quad number of the quad in the index, from 0
 * @param indexStars numbers of the quad's stars in the index
 * @param fieldStars rows of the quad's stars in the star list, from 0, in the same order
 * @param codeError distance in code space
 * @param logOdds natural logarithm of the odds that the solution is true against chance
 * @param matches stars of the list that fit a catalogue star
 * @param distractors stars of the list without a catalogue star near
 * @param conflicts stars of the list whose catalogue star fits another one better
 * @param fieldCount stars of the list that were tested
 * @param indexCount catalogue stars of the index in the field
 */
public record QuadMatch(
        String index,
        int indexId,
        int quad,
        List<Integer> indexStars,
        List<Integer> fieldStars,
        double codeError,
        double logOdds,
        int matches,
        int distractors,
        int conflicts,
        int fieldCount,
        int indexCount) {

    public QuadMatch {
        indexStars = List.copyOf(indexStars);
        fieldStars = List.copyOf(fieldStars);
    }
}
