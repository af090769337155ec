package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.Listings;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every page needs: its frame, who looks at it, and the token that its forms bring along. */
final class Pages {

    private static final String TOKEN_COOKIE = "NovaForm";

    /** Pictures in a list before one has to turn the page. */
    static final int PER_PAGE = 24;

    private static final int MOST_OF_PATH = 2000;

    /** Browsers take {@code //host} and <code>/\host</code> for another host, and leave out line ends and tabs. */
    private static final Pattern OUR_PATH = Pattern.compile("/(?:[!-~&&[^/\\\\]][!-~&&[^\\\\]]*)?");

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
        all.put("here", here(ctx));
        all.put("account", account == null ? null : account.name());
        all.put("admin", account != null && account.admin());
        all.put("token", token(ctx));
        all.putAll(values);
        ctx.header("Cache-Control", "no-store");
        Web.html(ctx, ctx.statusCode(), templates.page(template, all));
    }

    /** Where somebody who signs in now wants to be afterwards; empty for the first page. */
    private static String here(Context ctx) {
        String path = ctx.req().getRequestURI();
        if (!ctx.method().name().equals("GET") || path.equals("/") || path.startsWith("/signin")) {
            return "";
        }
        return isOurs(path) ? path + (ctx.queryString() == null ? "" : "?" + ctx.queryString()) : "";
    }

    /** Whether an address is a path of this server, and leads nowhere else in any browser. */
    static boolean isOurs(String address) {
        return address.length() <= MOST_OF_PATH && OUR_PATH.matcher(address).matches();
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

    /**
     * Not whoever has no account of their own: what is the anonymous account's is everybody's, and nobody gets back what
     * somebody has deleted.
     */
    private boolean mayDelete(Context ctx, int submissionId) {
        Account account = web.viewer(ctx).account();
        return account != null && !account.isAnonymous() && isMine(ctx, submissionId);
    }

    Account requireMayDelete(Context ctx, int submissionId) throws RefusedException {
        if (!mayDelete(ctx, submissionId)) {
            throw new RefusedException(
                    "Only the administrator, or whoever submitted it with an account of their own, may delete it.");
        }
        return signedIn(ctx);
    }

    /** What a page needs to offer that a submission be deleted. */
    Map<String, Object> deletion(Context ctx, int submissionId) {
        SubmissionProgress counts = mayDelete(ctx, submissionId)
                ? parts.backend().store().progress(List.of(submissionId)).get(submissionId)
                : null;
        return Map.of(
                "mayDelete",
                counts != null,
                "ended",
                counts != null && counts.isFinal(),
                "pictures",
                counts == null ? 0 : counts.images(),
                "submission",
                submissionId);
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
        Map<Integer, String> owners = owners(submissions);
        List<Map<String, Object>> cards = new ArrayList<>();
        for (Listings.Entry entry : parts.listings()
                .of(submissions.stream().map(Submissions.Owned::id).toList())) {
            entry.pictures().forEach(picture -> cards.add(card(picture, owners)));
            if (entry.pictures().isEmpty() && all) {
                cards.add(card(entry));
            }
        }
        return cards;
    }

    /** @param submissions of the pictures */
    List<Map<String, Object>> cards(List<Listings.Picture> pictures, Collection<Submissions.Owned> submissions) {
        Map<Integer, String> owners = owners(submissions);
        return pictures.stream().map(picture -> card(picture, owners)).toList();
    }

    /** The names of those whose submissions are, by the numbers of these. */
    private Map<Integer, String> owners(Collection<Submissions.Owned> submissions) {
        Map<Integer, String> names = parts.accounts()
                .names(submissions.stream().map(Submissions.Owned::accountId).toList());
        return submissions.stream()
                .collect(Collectors.toMap(Submissions.Owned::id, owned -> names.getOrDefault(owned.accountId(), "")));
    }

    private static Map<String, Object> card(Listings.Picture picture, Map<Integer, String> owners) {
        return card(picture, owners.getOrDefault(picture.submissionId(), ""));
    }

    static Map<String, Object> card(Listings.Picture picture, String owner) {
        return Map.of(
                "href",
                "/user_images/" + picture.imageId(),
                "picture",
                "/thumbnail_of_image/" + picture.imageId(),
                "name",
                picture.fileName(),
                "owner",
                owner,
                "word",
                PageText.word(picture.state()),
                "state",
                PageText.state(picture.state()));
    }

    private static Map<String, Object> card(Listings.Entry entry) {
        return Map.of(
                "href",
                "/status/" + entry.submissionId(),
                "picture",
                "",
                "name",
                entry.fileName(),
                "owner",
                "",
                "word",
                PageText.word(entry.state()),
                "state",
                entry.state().isFinal() ? "bad" : "busy");
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
        show(ctx, "error", Map.of("heading", heading, "text", text, "forbidden", status == 403));
    }
}
