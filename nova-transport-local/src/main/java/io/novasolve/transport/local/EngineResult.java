package io.novasolve.transport.local;

import io.novasolve.core.axy.EngineLog;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an ended engine has left in its folder, and what that means.
 *
 * @param advice what to add to a sentence on an unsolved picture
 */
record EngineResult(
        JobFolder folder,
        EngineLog log,
        EngineProcess.Ending ending,
        String program,
        byte[] job,
        int stars,
        Supplier<String> advice) {

    private static final List<String> RESULTS =
            List.of(SolutionFiles.WCS, SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH);
    private static final long MAX_FILE = 64L << 20;
    private static final int FIRST_SIGNAL_STATUS = 128;
    private static final int CANNOT_EXECUTE = 126;
    private static final int ENGINE_REFUSES = 255;

    SolveOutcome outcome() throws TransportException, IOException {
        Map<String, byte[]> files = new HashMap<>();
        Optional<Solution> solution = solution(files);
        files.put(JobFile.NAME, job);
        if (solution.isPresent()) {
            return new SolveOutcome.Solved(log.named(solution.get()), files);
        }
        if (ending.how() == EngineProcess.How.EXITED && ending.status() != 0) {
            throw failure();
        }
        if (ending.how() != EngineProcess.How.EXITED || log.limitReached()) {
            return new SolveOutcome.Unsolved(UnsolvedReason.TIMEOUT, timeoutDetail(), files);
        }
        if (!log.searched()) {
            throw new TransportException(
                    program + " ended without an error, a result or a search; " + log.lastLines()
                            + "; run it by hand on a kept job folder to see why",
                    false);
        }
        return new SolveOutcome.Unsolved(
                UnsolvedReason.NO_MATCH,
                "no place on the sky matches the " + stars + " stars in the "
                        + (log.indexCount() == 0 ? "" : log.indexCount() + " ")
                        + "index files searched" + advice.get(),
                files);
    }

    /** What was written before a kill may be cut off: then there is no solution, and no error either. */
    private Optional<Solution> solution(Map<String, byte[]> files) throws TransportException, IOException {
        for (String name : RESULTS) {
            Path file = folder.path().resolve(name);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                if (Files.size(file) > MAX_FILE) {
                    throw new TransportException(
                            program + " wrote a " + name + " of " + Files.size(file) + " bytes, which is no result",
                            false);
                }
                files.put(name, Files.readAllBytes(file));
            }
        }
        try {
            return SolutionFiles.read(files);
        } catch (UnreadableInputException e) {
            if (ending.how() != EngineProcess.How.EXITED || ending.status() != 0) {
                RESULTS.forEach(files::remove);
                return Optional.empty();
            }
            throw new TransportException(
                    program + " left a result that cannot be read: " + e.getMessage() + "; " + log.lastLines()
                            + "; look for free disk space in " + folder.path().getParent(),
                    true,
                    e);
        }
    }

    private String timeoutDetail() {
        String limit = ending.how() == EngineProcess.How.DEADLINE ? "deadline" : "limit of CPU time";
        String tried = log.depth() == 0 ? "" : " (" + log.depth() + " of " + stars + " stars tried)";
        return "no match until the " + limit + tried + "; a hint of scale or position makes the search shorter"
                + advice.get();
    }

    private TransportException failure() {
        int status = ending.status();
        if (log.mentions("at least one index") || log.mentions("no index files")) {
            return new TransportException(
                    program + " found no index files; " + log.lastLines()
                            + "; install some (Debian: the packages astrometry-data-tycho2-07 … -19), or name their folder",
                    false);
        }
        if (status == ENGINE_REFUSES) {
            return new TransportException(
                    program + " refused the job or its configuration (status 255); " + log.lastLines(), false);
        }
        if (status == CANNOT_EXECUTE || status == CANNOT_EXECUTE + 1) {
            return new TransportException(
                    program + " cannot be executed (status " + status + "); " + log.lastLines()
                            + "; install it again (Debian: the package astrometry.net)",
                    false);
        }
        if (status > FIRST_SIGNAL_STATUS) {
            return new TransportException(
                    program + " was ended by signal " + (status - FIRST_SIGNAL_STATUS) + "; " + log.lastLines()
                            + "; signal 9 often means that the machine had no memory left",
                    true);
        }
        return new TransportException(program + " failed with status " + status + "; " + log.lastLines(), true);
    }
}
