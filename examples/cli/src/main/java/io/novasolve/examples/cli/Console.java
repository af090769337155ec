package io.novasolve.examples.cli;

import io.novasolve.core.SubmissionHandle;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.model.Job;
import io.novasolve.core.spi.SolveProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What people see on stderr while they wait. */
final class Console {

    private static final long REFRESH_MS = 500;

    private final PrintWriter err;
    private final boolean showProgress;

    Console(PrintWriter err, boolean showProgress) {
        this.err = err;
        this.showProgress = showProgress;
    }

    void error(String sentence) {
        err.println("nova: " + sentence);
        err.flush();
    }

    SubmissionResult await(SubmissionHandle handle, String file) {
        CompletableFuture<SubmissionResult> result = handle.result();
        if (!showProgress) {
            return result.join();
        }
        while (true) {
            try {
                return result.get(REFRESH_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                show(handle, file);
            } catch (ExecutionException e) {
                return result.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return result.join();
            }
        }
    }

    private void show(SubmissionHandle handle, String file) {
        for (Job job : handle.jobs()) {
            SolveProgress news = handle.searchProgress(job.id()).orElse(null);
            String detail = news == null
                    ? ""
                    : String.format(Locale.ROOT, ", depth %d, best log-odds %.1f", news.depth(), news.bestLogOdds());
            err.println(file + ": " + job.state().word() + detail);
        }
        err.flush();
    }
}
