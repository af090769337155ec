package io.novasolve.core;

import java.util.Iterator;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many submissions, of which only so many are open at once. */
final class Batch {

    private final Function<SubmissionRequest, SubmissionHandle> submit;
    private final BatchResults results;
    private final int atOnce;
    private final Semaphore free;
    private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();

    Batch(Function<SubmissionRequest, SubmissionHandle> submit, int atOnce, BatchResults results) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("a batch needs at least one open submission, but atOnce is " + atOnce);
        }
        this.submit = submit;
        this.results = results;
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
    }

    /** Takes the next request only when there is room for it, and returns when the last one has ended. */
    void run(Iterator<SubmissionRequest> requests) throws InterruptedException {
        while (defect.get() == null && hasNextWithRoom(requests)) {
            submit(requests.next());
        }
        free.acquire(atOnce);
        Throwable thrown = defect.get();
        if (thrown != null) {
            throw new NovaException("the batch was ended, because what heard its results failed: " + thrown, thrown);
        }
    }

    private boolean hasNextWithRoom(Iterator<SubmissionRequest> requests) throws InterruptedException {
        free.acquire();
        boolean next = false;
        try {
            next = requests.hasNext();
            return next;
        } finally {
            if (!next) {
                free.release();
            }
        }
    }

    private void submit(SubmissionRequest request) {
        SubmissionHandle handle;
        try {
            handle = submit.apply(request);
        } catch (NovaClosedException e) {
            free.release();
            throw e;
        } catch (NovaException | IllegalArgumentException e) {
            tell(() -> results.failed(request, e));
            return;
        }
        // What the listener throws is kept by tell: nothing is lost with the stage that nobody holds.
        var told = handle.result().handle((result, e) -> {
            tell(() -> hear(request, result, e));
            return true;
        });
        if (told.isCompletedExceptionally()) {
            throw new IllegalStateException("a stage that catches everything has failed");
        }
    }

    private void hear(SubmissionRequest request, @Nullable SubmissionResult result, @Nullable Throwable e) {
        if (result != null) {
            results.ended(request, result);
        } else {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            results.failed(
                    request, cause instanceof RuntimeException r ? r : new NovaException(String.valueOf(cause), cause));
        }
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error t) {
            defect.compareAndSet(null, t);
        } finally {
            free.release();
        }
    }
}
