package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Signing in and out, keys, albums. */
final class AccountPages {

    private final Pages pages;
    private final Web web;
    private final WebServer.Parts parts;

    AccountPages(Pages pages, Web web, WebServer.Parts parts) {
        this.pages = pages;
        this.web = web;
        this.parts = parts;
    }

    /** The form to do so. */
    void signInForm(Context ctx) throws IOException {
        showSignIn(ctx, Pages.parameter(ctx, "next"), "");
    }

    /** @param next the page to go to then, if it is one of ours */
    private void showSignIn(Context ctx, String next, String message) throws IOException {
        pages.show(
                ctx,
                "signin",
                Map.of(
                        "tab",
                        "signin",
                        "open",
                        parts.accounts().isOpen(),
                        "message",
                        message,
                        "to",
                        Pages.isOurs(next) ? next : ""));
    }

    void signIn(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            web.logins(ctx).take();
            String key = form.field("apikey").strip();
            Account account = key.isEmpty() ? null : parts.accounts().byKey(key).orElse(null);
            if (account == null) {
                pages.audit(ctx, null, "login refused", "page");
                ctx.status(HttpStatus.FORBIDDEN);
                showSignIn(ctx, form.field("next"), "There is no such API key.");
                return;
            }
            web.setSession(ctx, parts.sessions().begin(account));
            pages.audit(ctx, account, "login", "page");
            String next = form.field("next");
            ctx.redirect(Pages.isOurs(next) ? next : "/", HttpStatus.SEE_OTHER);
        }
    }

    void signOut(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            String key = ctx.cookie(Web.SESSION_COOKIE);
            if (key != null) {
                pages.audit(ctx, web.viewer(ctx).account(), "sign out", "page");
                parts.sessions().end(key);
            }
            web.cookie(ctx, Web.SESSION_COOKIE, "", 0, "Lax");
            ctx.redirect("/", HttpStatus.SEE_OTHER);
        }
    }

    void account(Context ctx) throws IOException, RefusedException {
        show(ctx, pages.signedIn(ctx), Map.of());
    }

    private void show(Context ctx, Account account, Map<String, Object> more) throws IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "account");
        values.put("anonymous", account.isAnonymous());
        values.put("ownKey", parts.accounts().hasOwnKey(account.id()));
        values.putAll(LicenceText.choices(account.licence()));
        values.put("albums", parts.submissions().albumsOf(account));
        values.putAll(more);
        pages.show(ctx, "account", values);
    }

    void createAlbum(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            Account account = pages.signedIn(ctx);
            parts.submissions().createAlbum(account, form.field("title").strip());
            pages.audit(ctx, account, "album", form.field("title").strip());
            ctx.redirect("/account", HttpStatus.SEE_OTHER);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    void setLicence(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            Account account = pages.signedIn(ctx);
            if (account.isAnonymous()) {
                throw new RefusedException("This account is everybody's, and has no licence of its own.");
            }
            parts.accounts().setLicence(account.id(), LicenceText.read(form));
            pages.audit(ctx, account, "licence", "of the account");
            ctx.redirect("/account", HttpStatus.SEE_OTHER);
        }
    }

    void renewKey(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            Account account = pages.signedIn(ctx);
            String key = parts.accounts().renewKey(account.id());
            pages.audit(ctx, account, "new key", "");
            web.setSession(ctx, parts.sessions().begin(account));
            show(ctx, account, Map.of("newKey", key, "account", account.name()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }
}
