package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Keys;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every page needs: its frame, who looks at it, and the token that its forms bring along. */
final class Pages {

    private static final String TOKEN_COOKIE = "NovaForm";

    private final Web web;
    private final WebServer.Parts parts;
    private final WebServer.Options options;
    private final Keys keys;
    private final Templates templates = new Templates();

    Pages(Web web, WebServer.Parts parts, WebServer.Options options, Keys keys) {
        this.web = web;
        this.parts = parts;
        this.options = options;
        this.keys = keys;
    }

    void show(Context ctx, String template, Map<String, Object> values) throws IOException {
        Account account = web.viewer(ctx).account();
        Map<String, Object> all = new HashMap<>();
        all.put("site", options.siteName());
        all.put("tab", "");
        all.put("message", "");
        all.put("newKey", null);
        all.put("next", null);
        all.put("account", account == null ? null : account.name());
        all.put("admin", account != null && account.admin());
        all.put("token", token(ctx));
        all.putAll(values);
        ctx.header("Cache-Control", "no-store");
        Web.html(ctx, ctx.statusCode(), templates.page(template, all));
    }

    /** In a cookie and in every form: a page elsewhere can send the one, but cannot know the other. */
    String token(Context ctx) {
        String token = ctx.cookie(TOKEN_COOKIE);
        if (token == null || !token.matches("[a-z0-9]{32}")) {
            token = keys.session();
            web.cookie(ctx, TOKEN_COOKIE, token, 14 * 86_400, "Strict");
        }
        return token;
    }

    /** Writes down who did what. */
    void audit(Context ctx, @Nullable Account by, String action, String detail) {
        parts.audit().add(by, web.address(ctx), action, detail);
    }

    /** The form of a page of ours, without files. */
    Form ownForm(Context ctx) throws IOException, RefusedException {
        return own(ctx, web.form(ctx));
    }

    /** The form of a page of ours that may bring a file. */
    Form ownFormWithFile(Context ctx) throws IOException, RefusedException {
        return own(ctx, web.form(ctx, fields -> isOwn(ctx, fields.getOrDefault("token", ""))));
    }

    private Form own(Context ctx, Form form) throws IOException, RefusedException {
        if (!isOwn(ctx, form.field("token"))) {
            form.close();
            Account whose = web.viewer(ctx).account();
            if (whose != null) {
                audit(ctx, whose, "form refused", ctx.path());
            }
            throw new RefusedException("This form is too old, or came from elsewhere. Go back, load the page again, and"
                    + " send it once more.");
        }
        return form;
    }

    private static boolean isOwn(Context ctx, String token) {
        String cookie = ctx.cookie(TOKEN_COOKIE);
        return cookie != null
                && !cookie.isEmpty()
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), cookie.getBytes(StandardCharsets.UTF_8));
    }

    Account signedIn(Context ctx) throws RefusedException {
        Account account = web.viewer(ctx).account();
        if (account == null) {
            throw new RefusedException("Sign in first.");
        }
        return account;
    }

    @Nullable
    Account submitter(Context ctx) {
        return web.submitter(ctx);
    }

    @Nullable
    Account viewerOrOpen(Context ctx) {
        return web.onlooker(ctx);
    }

    boolean isMine(Context ctx, int submissionId) {
        Account account = viewerOrOpen(ctx);
        return account != null
                && (account.admin() || parts.submissions().owned(submissionId).accountId() == account.id());
    }

    void requireMine(Context ctx, int submissionId) throws RefusedException {
        if (!isMine(ctx, submissionId)) {
            throw new RefusedException("Only whoever submitted it may do that.");
        }
    }

    Submission submission(Context ctx) throws NotFoundException {
        Submission submission = Web.id(ctx)
                .flatMap(parts.backend().store()::submission)
                .orElseThrow(() -> new NotFoundException("There is no such submission."));
        if (!parts.submissions().owned(submission.id()).isVisibleTo(viewerOrOpen(ctx))) {
            throw new NotFoundException("There is no such submission.");
        }
        return submission;
    }

    Job job(Context ctx) throws NotFoundException {
        Job job = Web.id(ctx)
                .flatMap(parts.records()::jobOfImage)
                .orElseThrow(() -> new NotFoundException("There is no such picture."));
        if (!parts.submissions().owned(job.submissionId()).isVisibleTo(viewerOrOpen(ctx))) {
            throw new NotFoundException("There is no such picture.");
        }
        return job;
    }

    /** @param all those too that have no picture, because it is not opened yet or could not be */
    List<Map<String, Object>> cards(List<Submissions.Owned> submissions, boolean all) {
        List<Map<String, Object>> cards = new ArrayList<>();
        for (Submissions.Owned owned : submissions) {
            List<Job> jobs = parts.backend().store().jobs(owned.id());
            cards.addAll(cards(jobs));
            if (jobs.isEmpty() && all) {
                parts.backend().store().submission(owned.id()).map(Pages::card).ifPresent(cards::add);
            }
        }
        return cards;
    }

    List<Map<String, Object>> cards(List<Job> jobs) {
        Map<Integer, String> owners = new HashMap<>();
        return jobs.stream()
                .map(job -> Map.<String, Object>of(
                        "href", "/user_images/" + job.image().id(),
                        "picture", "/thumbnail_of_image/" + job.image().id(),
                        "name", job.image().fileName(),
                        "owner",
                                owners.computeIfAbsent(
                                        job.submissionId(), id -> owner(id).name()),
                        "word", PageText.word(job),
                        "state", PageText.state(job)))
                .toList();
    }

    private static Map<String, Object> card(Submission submission) {
        return Map.of(
                "href",
                "/status/" + submission.id(),
                "picture",
                "",
                "name",
                submission.fileName(),
                "owner",
                "",
                "word",
                PageText.word(submission),
                "state",
                submission.state().isFinal() ? "bad" : "busy");
    }

    /** Whose a submission is. */
    Account owner(int submissionId) {
        int id = parts.submissions().owned(submissionId).accountId();
        return parts.accounts()
                .byId(id)
                .orElseThrow(() -> new IllegalStateException("submission " + submissionId + " is of no account"));
    }

    static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null ? "" : value.strip();
    }

    /** What a page says instead of what was asked for. */
    void refuse(Context ctx, int status, String heading, String text) throws IOException {
        ctx.status(status);
        show(ctx, "error", Map.of("heading", heading, "text", text));
    }
}
