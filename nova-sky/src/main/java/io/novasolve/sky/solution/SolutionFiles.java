package io.novasolve.sky.solution;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.InputFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result files of the astrometry.net engine, read and written: what one engine leaves, another part of a pipeline, or
 * a person with the usual tools, can read.
 *
 * <table>
 * <caption>Files of a solution</caption>
 * <tr><td>{@code wcs.fits}</td><td>the WCS; its presence means success</td></tr>
 * <tr><td>{@code corr.fits}</td><td>matched stars</td></tr>
 * <tr><td>{@code rdls.fits}</td><td>catalogue stars in the picture</td></tr>
 * <tr><td>{@code match.fits}</td><td>the accepted hypothesis</td></tr>
 * <tr><td>{@code solved}</td><td>one byte, 1</td></tr>
 * </table>
 */
public final class SolutionFiles {

    public static final String WCS = "wcs.fits";
    public static final String CORR = "corr.fits";
    public static final String RDLS = "rdls.fits";
    public static final String MATCH = "match.fits";
    public static final String SOLVED = "solved";

    /** All of them. */
    public static final List<String> NAMES = List.of(WCS, CORR, RDLS, MATCH, SOLVED);

    private SolutionFiles() {}

    /**
     * The files of a solution, by name.
     *
     * @param stars the list that was solved, whose FLUX and BACKGROUND go into {@code corr.fits}; null to leave them out
     */
    public static Map<String, byte[]> write(Solution solution, @Nullable StarList stars) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(CORR, CorrFile.write(solution.matchedStars(), stars));
        files.put(RDLS, RdlsFile.write(solution.referenceStars()));
        files.put(MATCH, MatchFile.write(solution));
        files.put(WCS, WcsFile.write(solution.wcs(), WcsComments.of(solution)));
        files.put(SOLVED, new byte[] {1});
        return files;
    }

    /**
     * Writes the same into a folder, {@code wcs.fits} and the marker last, so that who sees those finds the others whole.
     *
     * @throws IOException if the folder is not there or cannot be written to
     */
    public static void write(Solution solution, @Nullable StarList stars, Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : write(solution, stars).entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /**
     * Reads what an engine left in a folder.
     *
     * @return empty if there is neither {@code wcs.fits} nor a marker that says solved: the picture was not solved
     * @throws UnreadableInputException if a file is damaged or half-written, or the marker is there without the WCS
     */
    public static Optional<Solution> read(Path folder) throws UnreadableInputException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                files.put(name, InputFiles.contentOf(file));
            }
        }
        return read(files);
    }

    /**
     * The same from bytes by name. Only {@code wcs.fits} is needed: without {@code corr.fits} or {@code rdls.fits} those
     * stars are missing, and without {@code match.fits} the match is what the comments of the WCS tell of it.
     */
    public static Optional<Solution> read(Map<String, byte[]> files) throws UnreadableInputException {
        byte[] wcsContent = files.get(WCS);
        if (wcsContent == null) {
            if (saysSolved(files.get(SOLVED))) {
                throw new UnreadableInputException("the marker says solved, but there is no " + WCS);
            }
            return Optional.empty();
        }
        Wcs wcs = WcsFile.read(wcsContent, WCS);
        byte[] corr = files.get(CORR);
        byte[] rdls = files.get(RDLS);
        byte[] match = files.get(MATCH);
        return Optional.of(new Solution(
                wcs,
                match == null ? WcsComments.match(wcsContent, WCS) : MatchFile.read(match, MATCH),
                corr == null ? List.of() : CorrFile.read(corr, CORR),
                rdls == null ? List.of() : RdlsFile.read(rdls, RDLS)));
    }

    private static boolean saysSolved(byte @Nullable [] marker) {
        return marker != null && marker.length > 0 && marker[0] == 1;
    }
}
