package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Headers of every response, and what requests must say to get one. */
final class Headers {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Web web;
    private final List<String> hosts;
    private final List<String> origins;

    /**
     * @param hosts that requests may ask for; empty for any
     * @param origins of pages elsewhere that may read what strangers may
     */
    Headers(Web web, List<String> hosts, List<String> origins) {
        this.web = web;
        this.hosts = hosts;
        this.origins = origins;
    }

    void addTo(RoutesConfig routes) {
        routes.before(ctx -> {
            secure(ctx);
            if (!isKnown(ctx.header("Host"))) {
                Web.html(ctx, 400, Errors.page("Bad Request", "There is no such host here."));
                ctx.skipRemainingHandlers();
            } else {
                share(ctx);
            }
        });
    }

    private void secure(Context ctx) {
        if (web.isSecure(ctx)) {
            ctx.header("Strict-Transport-Security", "max-age=31536000");
        }
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Referrer-Policy", "same-origin");
        ctx.header("Cross-Origin-Opener-Policy", "same-origin");
        ctx.header("Content-Security-Policy", POLICY);
    }

    private boolean isKnown(@Nullable String host) {
        if (hosts.isEmpty()) {
            return true;
        }
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return hosts.contains(name.toLowerCase(Locale.ROOT));
    }

    private void share(Context ctx) {
        String origin = ctx.header("Origin");
        if (origin == null || origins.isEmpty()) {
            return;
        }
        ctx.res().addHeader("Vary", "Origin");
        if (!origins.contains("*") && !origins.contains(origin)) {
            return;
        }
        // Without credentials: pages elsewhere bring the session in the JSON.
        ctx.header("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
        if (ctx.method().name().equals("OPTIONS")) {
            ctx.header("Access-Control-Allow-Methods", "GET, POST");
            ctx.header("Access-Control-Allow-Headers", "Content-Type");
            ctx.header("Access-Control-Max-Age", "86400");
            ctx.status(204);
            ctx.skipRemainingHandlers();
        }
    }
}
