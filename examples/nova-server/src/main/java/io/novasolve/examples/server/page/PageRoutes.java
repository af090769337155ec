package io.novasolve.examples.server.page;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.novasolve.examples.server.accounts.Keys;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import java.io.IOException;
import java.util.List;

/** The pages for people. */
public final class PageRoutes {

    private static final List<String> ASSETS =
            List.of("nova.css", "icon.svg", "common.js", "cards.js", "submit.js", "status.js", "viewer.js");

    private final Pages pages;
    private final SubmitPages submit;
    private final ResultPages results;
    private final ListPages lists;
    private final AccountPages accounts;
    private final AdminPages admin;

    /** @param events sends news to open pages */
    public PageRoutes(Web web, WebServer.Parts parts, WebServer.Options options, Keys keys, Events events) {
        pages = new Pages(web, parts, options, keys);
        submit = new SubmitPages(pages, web, parts, events, options.limits().body());
        results = new ResultPages(pages, web, parts);
        lists = new ListPages(pages, parts);
        accounts = new AccountPages(pages, web, parts);
        admin = new AdminPages(pages, web, parts);
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/", submit::home);
        routes.get("/upload", ctx -> ctx.redirect("/"));
        routes.post("/upload", submit::upload);
        routes.get("/status/{id}", submit::status);
        routes.get("/status/{id}/events", submit::events);
        routes.post("/status/{id}/cancel", submit::cancel);
        routes.post("/status/{id}/delete", submit::delete);
        routes.get("/user_images/{id}", results::result);
        routes.post("/user_images/{id}/tags", results::addTag);
        routes.post("/user_images/{id}/tags/remove", results::removeTag);
        routes.post("/user_images/{id}/visibility", results::setVisibility);
        routes.post("/user_images/{id}/licence", results::setLicence);
        routes.post("/user_images/{id}/retry", results::retry);
        routes.get("/images", lists::images);
        routes.get("/submissions", lists::together);
        for (String path : List.of("/dashboard", "/dashboard/submissions", "/dashboard/user_images")) {
            routes.get(path, lists::dashboard);
        }
        for (String path : List.of("/dashboard/albums", "/dashboard/profile")) {
            routes.get(path, ctx -> ctx.redirect("/account"));
        }
        routes.get("/users/{id}", lists::user);
        routes.get("/albums", lists::albumOfTitle);
        routes.get("/albums/{id}", lists::album);
        routes.get("/search", lists::search);
        // The original has several kinds of searches; ours is one for all.
        routes.get("/search/{kind}", lists::search);
        routes.get("/signin", accounts::signInForm);
        routes.post("/signin", accounts::signIn);
        routes.post("/signout", accounts::signOut);
        routes.get("/account", accounts::account);
        routes.post("/account/key", accounts::renewKey);
        routes.post("/account/licence", accounts::setLicence);
        routes.post("/albums", accounts::createAlbum);
        routes.get("/admin", admin::admin);
        routes.post("/admin/accounts", admin::createAccount);
        routes.post("/admin/accounts/{id}/key", admin::renewKey);
        routes.post("/admin/accounts/{id}/lock", admin::lock);
        for (String asset : ASSETS) {
            routes.get("/assets/" + asset, ctx -> asset(ctx, asset));
        }
    }

    private static void asset(Context ctx, String name) throws IOException {
        try (var in = PageRoutes.class.getResourceAsStream("/io/novasolve/examples/server/assets/" + name)) {
            if (in == null) {
                throw new IOException("the asset " + name + " is missing");
            }
            String type =
                    name.endsWith(".css") ? "text/css" : name.endsWith(".svg") ? "image/svg+xml" : "text/javascript";
            ctx.header("Cache-Control", "max-age=300");
            Web.send(ctx, type + (type.startsWith("text/") ? "; charset=utf-8" : ""), in.readAllBytes());
        }
    }

    /** What a page says instead of what was asked for. */
    public void refuse(Context ctx, int status, String heading, String text) throws IOException {
        pages.refuse(ctx, status, heading, text);
    }
}
