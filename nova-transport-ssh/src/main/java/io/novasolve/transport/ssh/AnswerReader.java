package io.novasolve.transport.ssh;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes an outcome of what a solve server sent, or says why it is no answer. */
final class AnswerReader {

    private static final List<String> STALE = List.of(SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH);

    private final SshServer server;

    AnswerReader(SshServer server) {
        this.server = server;
    }

    /**
     * @param job the file that was sent
     * @throws SshTransportException if this is no answer to it
     */
    SolveOutcome outcome(SolveTask task, byte[] job, JobName name, RemoteRun.Result result, ServerLog log)
            throws SshTransportException {
        Optional<String> otherJob = log.otherJob();
        if (otherJob.isPresent()) {
            throw rubbish(name, "it is for " + WireTar.printable(otherJob.get()), null);
        }
        Optional<ServerLog.Failure> failure = log.failure();
        if (failure.isPresent()) {
            throw new SshTransportException(
                    Kind.SERVER_FAILED,
                    server + " could not solve " + name + ": " + failure.get().sentence(),
                    failure.get().retryable());
        }
        Integer status = result.status();
        if (result.bytes() == 0 || status != null && status != 0) {
            throw new SshTransportException(
                    Kind.SERVER_FAILED,
                    "the solve script of " + server + " ended without results for " + name + " ("
                            + (status == null ? "no status" : "status " + status) + "); "
                            + log.engine().lastLines() + "; look at the script's settings there",
                    true);
        }
        Optional<Solution> solution = solution(name, result.files());
        Map<String, byte[]> files = new HashMap<>(result.files());
        files.keySet().removeIf(file -> file.startsWith(SolutionFiles.SOLVED));
        files.put(JobFile.NAME, job);
        if (solution.isEmpty()) {
            // The original's script sends those of an earlier attempt, too.
            STALE.forEach(files::remove);
            return unsolved(task, files, log);
        }
        Optional<String> objection = new ResultCheck(task.stars()).objection(solution.get());
        if (objection.isPresent()) {
            throw rubbish(name, objection.get(), null);
        }
        return new SolveOutcome.Solved(log.engine().named(solution.get()), files);
    }

    private Optional<Solution> solution(JobName name, Map<String, byte[]> files) throws SshTransportException {
        try {
            return SolutionFiles.read(files);
        } catch (UnreadableInputException e) {
            throw rubbish(name, String.valueOf(e.getMessage()), e);
        }
    }

    private SshTransportException rubbish(JobName name, String why, @Nullable Throwable cause) {
        return new SshTransportException(
                Kind.RUBBISH,
                "what " + server + " sent for " + name + " is no answer to it: " + why
                        + "; look at the solve script there",
                cause);
    }

    private SolveOutcome unsolved(SolveTask task, Map<String, byte[]> files, ServerLog log) {
        Optional<ServerLog.Verdict> verdict = log.verdict();
        if (verdict.isPresent()) {
            return new SolveOutcome.Unsolved(
                    verdict.get().reason(), verdict.get().detail(), files);
        }
        if (log.engine().limitReached()) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.TIMEOUT,
                    "no match until the limit of CPU time of " + server + " ("
                            + log.engine().depth() + " of " + task.stars().size()
                            + " stars tried); a hint of scale or position makes a search shorter",
                    files);
        }
        return new SolveOutcome.Unsolved(
                UnsolvedReason.NO_MATCH,
                "no place on the sky matches the " + task.stars().size() + " stars in the index files of " + server,
                files);
    }
}
