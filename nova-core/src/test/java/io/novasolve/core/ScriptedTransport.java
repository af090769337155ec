package io.novasolve.core;

import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.wcs.Wcs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does what the test says, call by call; solves when the script is over. */
class ScriptedTransport implements SolverTransport {

    @FunctionalInterface
    interface Step {
        SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException;
    }

    static final Step SOLVES = (task, context) -> solved(task);
    static final Step FINDS_NOTHING = (task, context) ->
            new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "all indexes were searched in vain", Map.of());
    static final Step STUMBLES = (task, context) -> {
        throw new TransportException("the engine crashed", true);
    };

    final Queue<SolveTask> tasks = new ConcurrentLinkedQueue<>();
    final AtomicBoolean closed = new AtomicBoolean();
    final Queue<Step> script;

    ScriptedTransport(Step... script) {
        this.script = new ConcurrentLinkedQueue<>(List.of(script));
    }

    static SolveOutcome solved(SolveTask task) {
        double width = task.stars().width();
        double height = task.stars().height();
        Wcs wcs = new Wcs(
                new SkyPosition(83.6, -5.4),
                new PixelPosition((width + 1) / 2, (height + 1) / 2),
                -0.01,
                0,
                0,
                0.01,
                null,
                width,
                height);
        QuadMatch match =
                new QuadMatch("index-made-up", 1, 1, List.of(1, 2, 3, 4), List.of(0, 1, 2, 3), 0, 99, 8, 0, 0, 8, 8);
        return new SolveOutcome.Solved(
                new Solution(wcs, match, List.of(), List.of()),
                Map.of("wcs.fits", "WCS".getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException {
        tasks.add(task);
        Step step = script.poll();
        return (step == null ? SOLVES : step).solve(task, context);
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
