package io.novasolve.transport.local;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SearchProgress;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.index.IndexFormatException;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.index.tycho2.Tycho2Indexes;
import io.novasolve.sky.solution.SolutionFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Solves in this JVM, with the engine of {@code nova-engine}. Nothing native is needed. */
public final class EmbeddedTransport implements SolverTransport {

    /** For one star list, unless the options say otherwise; nearly all that solve do so in a hundredth of it. */
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

    /** Scales and errors of position from here on say nothing any more. */
    private static final double LARGEST_SCALE_ARCSEC = 9e6;

    private static final double LARGEST_ERROR_PX = 9000;

    private final PlateSolver solver;
    private final IndexCoverage coverage;
    private final LongSupplier ticker;
    private final @Nullable ExecutorService ownThreads;
    private volatile boolean closed;

    private EmbeddedTransport(PlateSolver solver, LongSupplier ticker, @Nullable ExecutorService ownThreads) {
        this.solver = solver;
        this.coverage = new IndexCoverage(solver.library());
        this.ticker = ticker;
        this.ownThreads = ownThreads;
    }

    /**
     * Solves with the wide-field indexes that come with Nova, on all cores: fields from about 2.5° of width.
     *
     * @throws TransportException if the class path is damaged
     */
    public static EmbeddedTransport bundled() throws TransportException {
        return with(bundledIndexes());
    }

    /** Solves with the indexes of a library, on all cores. */
    public static EmbeddedTransport with(IndexLibrary library) {
        return with(library, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Solves with the indexes of a library.
     *
     * @param threads for one search; beyond the first they are daemon threads of this transport's own
     */
    public static EmbeddedTransport with(IndexLibrary library, int threads) {
        PlateSolver solver = PlateSolver.of(library);
        if (threads == 1) {
            return new EmbeddedTransport(solver, System::nanoTime, null);
        }
        AtomicInteger count = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads - 1, task -> {
            Thread thread = new Thread(task, "nova-engine-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        return new EmbeddedTransport(solver.withThreads(pool, threads), System::nanoTime, pool);
    }

    /**
     * The indexes that come with Nova, to be joined with others.
     *
     * @throws TransportException if the class path is damaged
     */
    public static IndexLibrary bundledIndexes() throws TransportException {
        try {
            return Tycho2Indexes.open();
        } catch (IOException e) {
            throw new TransportException("the bundled indexes cannot be read: " + e.getMessage(), false, e);
        }
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public List<TransportHealth> health() {
        return List.of(new TransportHealth(name(), !closed, closed ? "it was closed" : "it is in this process"));
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException {
        if (closed) {
            throw new TransportException("the embedded engine is closed", true);
        }
        int order = task.options().tweakOrderOrDefault();
        if (order > SolveRequest.MAX_SIP_ORDER) {
            context.log("embedded: a distortion of order " + order + " is asked for, of order "
                    + SolveRequest.MAX_SIP_ORDER + " fitted: higher ones are left to astrometry-engine");
        }
        Duration limit = limit(task.options(), context);
        SolveResult result = search(task, context, limit);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while job " + task.jobId() + " was solved");
        }
        if (context.isCancelled()) {
            throw new SolveCancelledException(task.jobId());
        }
        log(context, result);
        Map<String, byte[]> files = new HashMap<>();
        files.put(JobFile.NAME, new JobFile(task.stars(), task.options()).toBytes());
        if (result instanceof SolveResult.Solved solved) {
            files.putAll(SolutionFiles.write(solved.solution(), task.stars()));
            return new SolveOutcome.Solved(solved.solution(), files);
        }
        return unsolved(task, (SolveResult.Unsolved) result, limit, files);
    }

    private SolveResult search(SolveTask task, SolveContext context, Duration limit) throws TransportException {
        try {
            return solver.solve(request(task), control(limit, context));
        } catch (IndexFormatException e) {
            throw new TransportException(
                    "the index " + e.indexName() + " is damaged (" + e.reason() + "): replace or remove the file",
                    false,
                    e);
        }
    }

    private static Duration limit(SolveOptions options, SolveContext context) {
        Duration wanted = options.cpuLimit() == null ? DEFAULT_LIMIT : options.cpuLimit();
        Duration left = context.remaining();
        // Who sets only a timeout means to wait that long.
        boolean timeoutRules = options.cpuLimit() == null && options.timeout() != null;
        return timeoutRules || left.compareTo(wanted) < 0 ? left : wanted;
    }

    private static SolveRequest request(SolveTask task) {
        SolveOptions o = task.options();
        SolveRequest request = SolveRequest.blind(task.stars())
                .withParity(o.parity())
                .withSipOrder(Math.min(o.tweakOrderOrDefault(), SolveRequest.MAX_SIP_ORDER));
        if (o.scale() != null) {
            double width = task.stars().width();
            ScaleRange scale = o.scaleRange(width);
            request = request.withScale(
                    Math.min(LARGEST_SCALE_ARCSEC, scale.low()),
                    Math.min(LARGEST_SCALE_ARCSEC, largestInTheMiddle(scale.high(), width)));
        }
        if (o.position() != null) {
            request = request.withCone(o.position().centre(), o.position().radiusDeg());
        }
        if (o.depthFrom() != null) {
            request = request.withDepthFrom(o.depthFrom());
        }
        if (o.depth() != null) {
            request = request.withDepth(Math.max(3, o.depth()));
        }
        if (o.positionalErrorPx() != null) {
            request = request.withPositionalErrorPx(Math.min(LARGEST_ERROR_PX, o.positionalErrorPx()));
        }
        if (o.oddsToSolve() != null) {
            request = request.withOdds(o.oddsToSolve());
        }
        return request;
    }

    /**
     * The engine asks for the scale in the middle of the picture. A scale that was made of the width of a wide field is
     * that of the mean, which is smaller: both are let pass.
     */
    private static double largestInTheMiddle(double arcsecPerPixel, double width) {
        double halfAngle = Math.toRadians(Math.min(SolveRequest.WIDEST_DEG, arcsecPerPixel * width / 3600)) / 2;
        return Math.max(arcsecPerPixel, Math.toDegrees(2 * Math.tan(halfAngle)) * 3600 / width);
    }

    private SearchControl control(Duration limit, SolveContext context) {
        return SearchControl.within(ticker, Math.max(0, TimeUnit.NANOSECONDS.convert(limit)))
                .withCancellation(() -> closed || context.isCancelled())
                .withProgress(p ->
                        context.progress(new SolveProgress(p.depth(), p.indexes(), p.quadsTried(), p.bestLogOdds())));
    }

    private static void log(SolveContext context, SolveResult result) {
        SearchProgress s = result.statistics();
        context.log(String.format(
                Locale.ROOT,
                "embedded: %d indexes, depth %d, %d quads tried, %d code matches, %d tested, best log-odds %.1f, %d ms",
                s.indexes(),
                s.depth(),
                s.quadsTried(),
                s.codeMatches(),
                s.tested(),
                s.bestLogOdds(),
                s.elapsedNanos() / 1_000_000));
    }

    private SolveOutcome unsolved(
            SolveTask task, SolveResult.Unsolved result, Duration limit, Map<String, byte[]> files)
            throws TransportException {
        int stars = task.stars().size();
        return switch (result.reason()) {
            case TOO_FEW_STARS ->
                new SolveOutcome.Unsolved(
                        UnsolvedReason.NO_STARS,
                        "only " + stars + " stars were found, too few to tell where they are on the sky",
                        files);
            case NO_INDEX ->
                new SolveOutcome.Unsolved(
                        UnsolvedReason.NO_MATCH,
                        "no index covers these scales or this part of the sky" + coverage.advice(task),
                        files);
            case EXHAUSTED ->
                new SolveOutcome.Unsolved(
                        UnsolvedReason.NO_MATCH,
                        "no place on the sky matches the " + stars + " stars" + coverage.advice(task),
                        files);
            case DEADLINE ->
                new SolveOutcome.Unsolved(
                        UnsolvedReason.TIMEOUT,
                        String.format(
                                Locale.ROOT,
                                "no match within %.1f s; a hint of scale or position makes the search shorter%s",
                                limit.toMillis() / 1000.0,
                                coverage.advice(task)),
                        files);
            case CANCELLED -> throw new TransportException("the embedded engine was closed during the search", true);
        };
    }

    @Override
    public void close() {
        closed = true;
        if (ownThreads != null) {
            ownThreads.shutdownNow();
        }
    }
}
