package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.novasolve.core.NovaClosedException;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.api.Api;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For those who run the server: whether it lives, whether it can work. */
final class OperationsRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OperationsRoutes.class);

    private static final String BEGIN = "nova.begin";

    private final Backend backend;
    private final BooleanSupplier draining;
    private final Metrics metrics;

    OperationsRoutes(Backend backend, BooleanSupplier draining) {
        this.backend = backend;
        this.draining = draining;
        this.metrics = new Metrics(backend.nova());
    }

    void addTo(RoutesConfig routes) {
        routes.before(ctx -> ctx.attribute(BEGIN, System.nanoTime()));
        routes.after(ctx -> {
            Long begin = ctx.attribute(BEGIN);
            if (begin != null) {
                metrics.count(ctx.statusCode(), System.nanoTime() - begin);
            }
        });
        routes.get(
                "/metrics",
                ctx -> Web.send(
                        ctx,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.text().getBytes(StandardCharsets.UTF_8)));
        // What comes while running jobs are finished: the next server takes it.
        routes.exception(NovaClosedException.class, (e, ctx) -> stopping(ctx));
        routes.get("/health", ctx -> Web.text(ctx, "ok\n".getBytes(StandardCharsets.UTF_8)));
        routes.get("/ready", ctx -> {
            String obstacle = obstacle();
            ctx.status(obstacle.isEmpty() ? 200 : 503);
            Web.text(ctx, ((obstacle.isEmpty() ? "ready" : obstacle) + "\n").getBytes(StandardCharsets.UTF_8));
        });
    }

    private static void stopping(Context ctx) {
        String message = "this server is stopping; try again in a moment";
        ctx.header("Retry-After", "10");
        if (WebServer.isApi(ctx)) {
            ctx.status(503);
            Web.json(ctx, Api.error(message));
        } else {
            Web.html(ctx, 503, Errors.page("Stopping", message));
        }
    }

    private String obstacle() {
        if (draining.getAsBoolean()) {
            return "stopping";
        }
        HealthReport report = backend.nova().health();
        if (report.status() != HealthReport.Status.DOWN) {
            return "";
        }
        List<String> down = report.checks().stream()
                .filter(check -> check.status() == HealthReport.Status.DOWN)
                .map(HealthReport.Check::name)
                .toList();
        LOG.warn("Not ready: {}", report.checks());
        // What exactly is wrong is the administrator's business.
        return "down: " + String.join(", ", down);
    }

    @Override
    public void close() {
        metrics.close();
    }
}
