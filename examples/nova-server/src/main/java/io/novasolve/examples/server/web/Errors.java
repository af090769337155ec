package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.novasolve.examples.server.api.Api;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.field.BusyException;
import io.novasolve.examples.server.field.NoPictureException;
import io.novasolve.examples.server.http.BadRequestException;
import io.novasolve.examples.server.page.PageRoutes;
import io.novasolve.examples.server.page.RefusedException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong, as answers: a JSON object from the API, a page from the rest, and never more than the client needs to know.
 */
final class Errors {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private final PageRoutes pages;

    Errors(PageRoutes pages) {
        this.pages = pages;
    }

    void addTo(RoutesConfig routes) {
        routes.exception(ApiException.class, (e, ctx) -> answer(ctx, 200, message(e)));
        routes.exception(NotFoundException.class, (e, ctx) -> refuse(ctx, 404, message(e)));
        routes.exception(NoPictureException.class, (e, ctx) -> refuse(ctx, 404, message(e)));
        routes.exception(BusyException.class, (e, ctx) -> {
            ctx.header("Retry-After", "10");
            refuse(ctx, 503, message(e));
        });
        routes.exception(RefusedException.class, (e, ctx) -> refuse(ctx, 403, message(e)));
        routes.exception(BadRequestException.class, (e, ctx) -> {
            if (e.status() == 503) {
                ctx.header("Retry-After", "10");
            }
            answer(ctx, e.status(), message(e));
        });
        routes.exception(TooManyRequestsException.class, (e, ctx) -> {
            ctx.header("Retry-After", Long.toString(e.retryAfterSeconds()));
            answer(ctx, 429, message(e));
        });
        routes.exception(HttpResponseException.class, (e, ctx) -> unrouted(ctx, e.getStatus()));
        routes.exception(IOException.class, this::broken);
        routes.exception(Exception.class, this::broken);
        for (HandlerType method : List.of(HandlerType.PUT, HandlerType.DELETE, HandlerType.PATCH)) {
            routes.addHttpHandler(method, "/*", ctx -> {
                ctx.header("Allow", "GET, POST");
                answer(ctx, 405, "use GET or POST");
            });
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private void unrouted(Context ctx, int status) {
        if (status == 404) {
            answer(ctx, 404, "there is nothing at this address");
        } else {
            answer(ctx, status, "the request cannot be answered");
        }
    }

    private void broken(Exception e, Context ctx) {
        if (e instanceof org.eclipse.jetty.io.EofException) {
            LOG.debug("{} went away", ctx.req().getRemoteAddr());
            return;
        }
        LOG.error("{} {} failed", ctx.method(), ctx.path(), e);
        answer(ctx, 500, "something went wrong here; try again later");
    }

    private void answer(Context ctx, int status, String message) {
        if (WebServer.isApi(ctx)) {
            ctx.status(status);
            Web.json(ctx, Api.error(message));
        } else {
            refuse(ctx, status, message);
        }
    }

    private void refuse(Context ctx, int status, String message) {
        String heading = status == 404 ? "Not Found" : status == 403 ? "Not allowed" : "Error";
        try {
            pages.refuse(ctx, status, heading, message);
        } catch (IOException | RuntimeException e) {
            LOG.error("Not even the page of an error could be made", e);
            Web.html(ctx, status, page(heading, message));
        }
    }

    /** A page that needs nothing else. */
    static String page(String title, String message) {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title></head><body><h1>" + escape(title) + "</h1><p>" + escape(message) + "</p></body></html>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
