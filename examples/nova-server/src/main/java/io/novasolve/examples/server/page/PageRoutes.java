package io.novasolve.examples.server.page;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.WorkerStatus;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.examples.server.Audit;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.accounts.Keys;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.api.FormOptions;
import io.novasolve.examples.server.field.Field;
import io.novasolve.examples.server.field.JobText;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.http.Upload;
import io.novasolve.examples.server.json.JsonText;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import io.novasolve.products.ObjectsInField;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pages for people. Every form brings along a token that only our own pages know. */
public final class PageRoutes {

    private static final String TOKEN_COOKIE = "NovaForm";
    private static final int PER_PAGE = 24;
    private static final double SEARCH_DEG = 0.1;

    private final Web web;
    private final WebServer.Parts parts;
    private final WebServer.Options options;
    private final Keys keys;
    private final Templates templates = new Templates();
    private final Events events;

    /** @param events sends news to open pages */
    public PageRoutes(Web web, WebServer.Parts parts, WebServer.Options options, Keys keys, Events events) {
        this.web = web;
        this.parts = parts;
        this.options = options;
        this.keys = keys;
        this.events = events;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/", this::home);
        routes.get("/upload", ctx -> ctx.redirect("/"));
        routes.post("/upload", this::upload);
        routes.get("/status/{id}", this::status);
        routes.sse("/status/{id}/events", this::follow);
        routes.post("/status/{id}/cancel", this::cancel);
        routes.get("/user_images/{id}", this::result);
        routes.post("/user_images/{id}/tags", this::addTag);
        routes.post("/user_images/{id}/visibility", this::setVisibility);
        routes.post("/user_images/{id}/retry", this::retry);
        routes.get("/images", this::images);
        routes.get("/dashboard", this::dashboard);
        routes.get("/users/{id}", this::user);
        routes.get("/search", this::search);
        routes.get(
                "/signin",
                ctx -> show(
                        ctx,
                        "signin",
                        Map.of("tab", "signin", "open", parts.accounts().isOpen())));
        routes.post("/signin", this::signIn);
        routes.post("/signout", this::signOut);
        routes.get("/account", this::account);
        routes.post("/account/key", this::renewKey);
        routes.post("/albums", this::createAlbum);
        routes.get("/albums", this::album);
        routes.get("/admin", this::admin);
        routes.post("/admin/accounts", this::createAccount);
        for (String asset : List.of("nova.css", "icon.svg", "common.js", "submit.js", "status.js", "viewer.js")) {
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

    // What every page needs.

    private void show(Context ctx, String template, Map<String, Object> values) throws IOException {
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
    private String token(Context ctx) {
        String token = ctx.cookie(TOKEN_COOKIE);
        if (token == null || !token.matches("[a-z0-9]{32}")) {
            token = keys.session();
            web.cookie(ctx, TOKEN_COOKIE, token, 14 * 86_400, "Strict");
        }
        return token;
    }

    /** The form of a page of ours. */
    private Form ownForm(Context ctx) throws IOException, RefusedException {
        Form form = web.form(ctx);
        String cookie = ctx.cookie(TOKEN_COOKIE);
        byte[] sent = form.field("token").getBytes(StandardCharsets.UTF_8);
        if (cookie == null
                || cookie.isEmpty()
                || !MessageDigest.isEqual(sent, cookie.getBytes(StandardCharsets.UTF_8))) {
            form.close();
            throw new RefusedException("This form is too old, or came from elsewhere. Go back, load the page again, and"
                    + " send it once more.");
        }
        return form;
    }

    private Account signedIn(Context ctx) throws RefusedException {
        Account account = web.viewer(ctx).account();
        if (account == null) {
            throw new RefusedException("Sign in first.");
        }
        return account;
    }

    // Submitting.

    private @Nullable Account submitter(Context ctx) {
        Account account = web.viewer(ctx).account();
        return account != null || !options.anonymousUploads()
                ? account
                : parts.accounts().byId(Account.ANONYMOUS).orElse(null);
    }

    private void home(Context ctx) throws IOException {
        show(
                ctx,
                "home",
                Map.of("maySubmit", submitter(ctx) != null, "images", cards(ctx, publicIds(Integer.MAX_VALUE, 12))));
    }

    private void upload(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            Account owner = submitter(ctx);
            if (owner == null) {
                throw new RefusedException("Sign in first.");
            }
            String url = form.field("url").strip();
            String album = form.field("album").strip();
            if (!album.isEmpty() && !parts.submissions().hasAlbum(album)) {
                throw new RefusedException("There is no album with this title; make it on your account's page.");
            }
            Submissions.Terms terms = new Submissions.Terms(
                    form.field("hidden").isEmpty(),
                    Licence.DEFAULT,
                    url.isEmpty() ? null : url,
                    album.isEmpty() ? null : album);
            Upload file = form.file("file").orElse(null);
            Submission submission;
            if (file != null) {
                submission = parts.submissions()
                        .submit(
                                SubmissionRequest.of(file.file())
                                        .withFileName(file.name())
                                        .withOptions(FormOptions.read(form)),
                                owner,
                                terms);
            } else if (!url.isEmpty()) {
                submission = parts.urls().submit(url, FormOptions.read(form), owner, terms);
            } else {
                throw new RefusedException("Choose a picture first.");
            }
            parts.audit().add(owner, web.address(ctx), "upload", "submission " + submission.id());
            ctx.redirect("/status/" + submission.id(), io.javalin.http.HttpStatus.SEE_OTHER);
        } catch (ApiException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private Submission submission(Context ctx) throws NotFoundException {
        Submission submission = Web.id(ctx)
                .flatMap(parts.backend().store()::submission)
                .orElseThrow(() -> new NotFoundException("There is no such submission."));
        if (!parts.submissions().owned(submission.id()).isVisibleTo(viewerOrOpen(ctx))) {
            throw new NotFoundException("There is no such submission.");
        }
        return submission;
    }

    /** Where anybody may submit without a name, the hidden pictures of nobody are everybody's. */
    private @Nullable Account viewerOrOpen(Context ctx) {
        Account account = web.viewer(ctx).account();
        return account != null || !parts.accounts().isOpen() ? account : submitter(ctx);
    }

    private boolean isMine(Context ctx, int submissionId) {
        Account account = viewerOrOpen(ctx);
        return account != null
                && (account.admin() || parts.submissions().owned(submissionId).accountId() == account.id());
    }

    private void status(Context ctx) throws IOException, NotFoundException {
        Submission submission = submission(ctx);
        Progress progress = Progress.of(parts.backend(), submission);
        Map<String, Object> values = new HashMap<>();
        values.put("id", submission.id());
        values.put("name", submission.fileName());
        values.put("over", progress.over());
        values.put("steps", progress.steps().stream().map(Progress.Step::json).toList());
        values.put("now", progress.now());
        values.put("result", progress.next());
        values.put("error", submission.error());
        values.put("images", cards(parts.backend().store().jobs(submission.id())));
        values.put("mayCancel", !progress.over() && isMine(ctx, submission.id()));
        show(ctx, "status", values);
    }

    private void follow(SseClient client) {
        try {
            Submission submission = submission(client.ctx());
            client.keepAlive();
            events.follow(client, () -> {
                Optional<Submission> now = parts.backend().store().submission(submission.id());
                Progress progress = Progress.of(parts.backend(), now.orElse(submission));
                return new Events.News(JsonText.of(progress.json()), progress.over());
            });
        } catch (NotFoundException e) {
            client.sendEvent("gone", "{}");
        }
    }

    private void cancel(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = ownForm(ctx)) {
            Submission submission = submission(ctx);
            requireMine(ctx, submission.id());
            parts.backend().nova().cancelSubmission(submission.id());
            parts.audit().add(web.viewer(ctx).account(), web.address(ctx), "cancel", "submission " + submission.id());
            ctx.redirect("/status/" + submission.id(), io.javalin.http.HttpStatus.SEE_OTHER);
        }
    }

    private void requireMine(Context ctx, int submissionId) throws RefusedException {
        if (!isMine(ctx, submissionId)) {
            throw new RefusedException("Only whoever submitted it may do that.");
        }
    }

    // Results.

    private Job job(Context ctx) throws NotFoundException {
        Job job = Web.id(ctx)
                .flatMap(parts.records()::jobOfImage)
                .orElseThrow(() -> new NotFoundException("There is no such picture."));
        if (!parts.submissions().owned(job.submissionId()).isVisibleTo(viewerOrOpen(ctx))) {
            throw new NotFoundException("There is no such picture.");
        }
        return job;
    }

    private void result(Context ctx) throws IOException, NotFoundException {
        Job job = job(ctx);
        Calibration calibration = job.outcome() instanceof ImageOutcome.Solved s ? s.calibration() : null;
        Field field = Field.of(parts.backend(), job);
        double[] size = size(job, calibration);
        ObjectsInField objects = calibration == null ? null : parts.catalogue().objects(calibration.wcs());
        boolean mine = isMine(ctx, job.submissionId());
        Map<String, Object> values = new HashMap<>();
        values.put("image", job.image().id());
        values.put("name", job.image().fileName());
        values.put("word", PageText.word(job));
        values.put("state", PageText.state(job));
        values.put("outcome", job.outcome() == null ? "" : JobText.outcome(job.outcome()));
        values.put("layers", layers(calibration != null, field));
        values.put("svg", size == null ? "" : LayersSvg.of(field, size[0], size[1], objects));
        values.put("alt", calibration == null ? "The submitted picture" : "The sky around " + place(calibration));
        values.put("mapAlt", calibration == null ? "" : "The field at " + place(calibration));
        values.put("calibration", calibration == null ? List.of() : PageText.calibration(calibration));
        values.put("calibrationId", calibration == null ? 0 : calibration.id());
        values.put("files", files(job, calibration != null));
        values.put("tags", tags(job, objects));
        values.put("mayTag", web.viewer(ctx).account() != null);
        values.put("mine", mine);
        values.put("visible", parts.submissions().owned(job.submissionId()).visible());
        values.put(
                "log",
                new String(JobText.of(job), StandardCharsets.UTF_8)
                        + parts.backend()
                                .file(job, "log")
                                .map(b -> new String(b, StandardCharsets.UTF_8))
                                .orElse(""));
        show(ctx, "result", values);
    }

    private static String place(Calibration calibration) {
        return PageText.hours(calibration.centre().raDeg()) + ", "
                + PageText.degrees(calibration.centre().decDeg());
    }

    private double @Nullable [] size(Job job, @Nullable Calibration calibration) throws IOException {
        if (calibration != null) {
            return new double[] {calibration.wcs().width(), calibration.wcs().height()};
        }
        return Field.stars(parts.backend(), job)
                .map(stars -> new double[] {stars.width(), stars.height()})
                .orElse(null);
    }

    private static List<Map<String, Object>> layers(boolean solved, Field field) {
        List<Map<String, Object>> layers = new ArrayList<>();
        if (!field.detected().isEmpty()) {
            layers.add(Map.of("id", "stars", "title", "Stars found", "on", !solved));
        }
        if (solved) {
            layers.add(Map.of("id", "index", "title", "Index stars", "on", false));
            layers.add(Map.of("id", "matched", "title", "Matched", "on", false));
            layers.add(Map.of("id", "objects", "title", "Objects", "on", true));
            layers.add(Map.of("id", "grid", "title", "Grid", "on", true));
        }
        return layers;
    }

    private static List<Map<String, Object>> files(Job job, boolean solved) {
        List<Map<String, Object>> files = new ArrayList<>();
        files.add(file("Picture", "/image/" + job.image().id()));
        if (job.files().containsKey("job.axy")) {
            files.add(file("Star list", "/axy_file/" + job.id()));
        }
        if (solved) {
            files.add(file("WCS header", "/wcs_file/" + job.id()));
            files.add(file("Picture as FITS with WCS", "/new_fits_file/" + job.id()));
            files.add(file("Matched stars", "/corr_file/" + job.id()));
            files.add(file("Index stars", "/rdls_file/" + job.id()));
            files.add(file("Stars with RA and Dec", "/image_rd_file/" + job.id()));
            files.add(file("KMZ", "/kml_file/" + job.id()));
            files.add(file("Annotated picture", "/annotated_full/" + job.id()));
        }
        return files;
    }

    private static Map<String, Object> file(String title, String href) {
        return Map.of("title", title, "href", href);
    }

    private List<Map<String, Object>> tags(Job job, @Nullable ObjectsInField objects) {
        Set<String> all = new LinkedHashSet<>(parts.records().humanTags(job.id()));
        if (objects != null) {
            all.addAll(objects.tags());
        }
        return all.stream()
                .map(tag -> Map.<String, Object>of(
                        "text", tag, "href", "/search?q=" + URLEncoder.encode(tag, StandardCharsets.UTF_8)))
                .toList();
    }

    private void addTag(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = ownForm(ctx)) {
            Account by = signedIn(ctx);
            Job job = job(ctx);
            parts.records().addTag(job, by, form.field("tag"));
            ctx.redirect("/user_images/" + job.image().id(), io.javalin.http.HttpStatus.SEE_OTHER);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private void setVisibility(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = ownForm(ctx)) {
            Job job = job(ctx);
            requireMine(ctx, job.submissionId());
            parts.submissions()
                    .setVisible(job.submissionId(), form.field("visible").equals("y"));
            ctx.redirect("/user_images/" + job.image().id(), io.javalin.http.HttpStatus.SEE_OTHER);
        }
    }

    /** A new submission of the same bytes. */
    private void retry(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = ownForm(ctx)) {
            Job job = job(ctx);
            requireMine(ctx, job.submissionId());
            Account owner = submitter(ctx);
            if (owner == null) {
                throw new RefusedException("Sign in first.");
            }
            Submissions.Owned before = parts.submissions().owned(job.submissionId());
            SubmissionRequest request = SubmissionRequest.of(
                            () -> parts.backend()
                                    .content()
                                    .open(job.image().content().hash()),
                            job.image().fileName())
                    .withOptions(FormOptions.read(form));
            Submission submission = parts.submissions()
                    .submit(
                            request,
                            owner,
                            new Submissions.Terms(before.visible(), before.licence(), before.url(), null));
            ctx.redirect("/status/" + submission.id(), io.javalin.http.HttpStatus.SEE_OTHER);
        } catch (ApiException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    // Lists.

    private List<Integer> publicIds(int before, int limit) {
        return parts.submissions().publicIds(before, limit);
    }

    private List<Map<String, Object>> cards(Context ctx, List<Integer> submissions) {
        Account viewer = viewerOrOpen(ctx);
        return cards(submissions.stream()
                .filter(id -> parts.submissions().owned(id).isVisibleTo(viewer))
                .flatMap(id -> parts.backend().store().jobs(id).stream())
                .toList());
    }

    private static List<Map<String, Object>> cards(List<Job> jobs) {
        return jobs.stream()
                .map(job -> Map.<String, Object>of(
                        "id", job.image().id(),
                        "name", job.image().fileName(),
                        "word", PageText.word(job),
                        "state", PageText.state(job)))
                .toList();
    }

    private void images(Context ctx) throws IOException {
        String text = ctx.queryParam("before");
        int before = text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
        List<Integer> ids = publicIds(before, PER_PAGE);
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "images");
        values.put("heading", "Images");
        values.put("images", cards(ctx, ids));
        values.put("next", ids.size() < PER_PAGE ? null : "/images?before=" + ids.get(ids.size() - 1));
        show(ctx, "list", values);
    }

    private void dashboard(Context ctx) throws IOException, RefusedException {
        Account account = signedIn(ctx);
        show(
                ctx,
                "list",
                Map.of(
                        "tab", "mine",
                        "heading", "My images",
                        "images", cards(ctx, parts.submissions().idsOf(account, 200))));
    }

    private void user(Context ctx) throws IOException, NotFoundException {
        Account account = Web.id(ctx)
                .flatMap(parts.accounts()::byId)
                .orElseThrow(() -> new NotFoundException("There is no such account."));
        show(
                ctx,
                "list",
                Map.of(
                        "heading",
                        account.name(),
                        "images",
                        cards(ctx, parts.submissions().idsOf(account, 200))));
    }

    private void search(Context ctx) throws IOException {
        String query = parameter(ctx, "q");
        String ra = parameter(ctx, "ra");
        String dec = parameter(ctx, "dec");
        Set<Integer> jobs = new LinkedHashSet<>();
        if (!query.isEmpty()) {
            parts.records().jobsByTag(query, false).forEach(j -> jobs.add(j.jobId()));
        }
        position(ra, dec)
                .ifPresent(
                        place -> parts.records().jobsAt(place, SEARCH_DEG, 200).forEach(j -> jobs.add(j.jobId())));
        Account viewer = viewerOrOpen(ctx);
        List<Job> found = jobs.stream()
                .flatMap(id -> parts.backend().store().job(id).stream())
                .filter(job -> parts.submissions().owned(job.submissionId()).isVisibleTo(viewer))
                .limit(200)
                .toList();
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "search");
        values.put("q", query);
        values.put("ra", ra);
        values.put("dec", dec);
        values.put("searched", !query.isEmpty() || !ra.isEmpty());
        values.put("images", cards(found));
        show(ctx, "search", values);
    }

    private static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null ? "" : value.strip();
    }

    private static Optional<SkyPosition> position(String ra, String dec) {
        String number = "[+-]?\\d{1,3}(\\.\\d{1,12})?";
        if (!ra.matches(number) || !dec.matches(number)) {
            return Optional.empty();
        }
        double turned = Double.parseDouble(ra) - 360 * Math.floor(Double.parseDouble(ra) / 360);
        double declination = Double.parseDouble(dec);
        return Math.abs(declination) > 90 || turned >= 360
                ? Optional.empty()
                : Optional.of(new SkyPosition(turned, declination));
    }

    // Accounts.

    private void signIn(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            String address = web.address(ctx);
            parts.failedLogins().require(address);
            String key = form.field("apikey").strip();
            Account account = key.isEmpty() ? null : parts.accounts().byKey(key).orElse(null);
            if (account == null) {
                parts.failedLogins().count(address);
                parts.audit().add(null, address, "login refused", "page");
                throw new RefusedException("There is no such API key.");
            }
            web.setSession(ctx, parts.sessions().begin(account));
            parts.audit().add(account, address, "login", "page");
            ctx.redirect("/", io.javalin.http.HttpStatus.SEE_OTHER);
        }
    }

    private void signOut(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            String key = ctx.cookie(Web.SESSION_COOKIE);
            if (key != null) {
                parts.sessions().end(key);
            }
            web.cookie(ctx, Web.SESSION_COOKIE, "", 0, "Lax");
            ctx.redirect("/", io.javalin.http.HttpStatus.SEE_OTHER);
        }
    }

    private void account(Context ctx) throws IOException, RefusedException {
        Account account = signedIn(ctx);
        show(
                ctx,
                "account",
                Map.of(
                        "tab",
                        "account",
                        "anonymous",
                        account.isAnonymous(),
                        "albums",
                        parts.submissions().albumsOf(account)));
    }

    private void createAlbum(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            Account account = signedIn(ctx);
            parts.submissions().createAlbum(account, form.field("title").strip());
            ctx.redirect("/account", io.javalin.http.HttpStatus.SEE_OTHER);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private void album(Context ctx) throws IOException, NotFoundException {
        String title = parameter(ctx, "title");
        if (!parts.submissions().hasAlbum(title)) {
            throw new NotFoundException("There is no such album.");
        }
        show(
                ctx,
                "list",
                Map.of(
                        "heading",
                        title,
                        "images",
                        cards(ctx, parts.submissions().idsInAlbum(title, 200))));
    }

    private void renewKey(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            Account account = signedIn(ctx);
            if (account.isAnonymous()) {
                throw new RefusedException("This account has no key of its own.");
            }
            String key = parts.accounts().renewKey(account.id());
            parts.audit().add(account, web.address(ctx), "new key", "");
            web.setSession(ctx, parts.sessions().begin(account));
            show(
                    ctx,
                    "account",
                    Map.of(
                            "tab",
                            "account",
                            "anonymous",
                            false,
                            "newKey",
                            key,
                            "account",
                            account.name(),
                            "albums",
                            parts.submissions().albumsOf(account)));
        }
    }

    // Administration.

    private Account administrator(Context ctx) throws RefusedException {
        Account account = signedIn(ctx);
        if (!account.admin()) {
            throw new RefusedException("Only an administrator may see this.");
        }
        return account;
    }

    private void admin(Context ctx) throws IOException, RefusedException {
        administrator(ctx);
        showAdmin(ctx, Map.of());
    }

    private void createAccount(Context ctx) throws IOException, RefusedException {
        try (Form form = ownForm(ctx)) {
            Account by = administrator(ctx);
            Accounts.Created created =
                    parts.accounts().create(form.field("name").strip(), false);
            parts.audit()
                    .add(
                            by,
                            web.address(ctx),
                            "create account",
                            created.account().name());
            showAdmin(
                    ctx,
                    Map.of(
                            "newKey",
                            created.apiKey(),
                            "newName",
                            created.account().name()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private void showAdmin(Context ctx, Map<String, Object> more) throws IOException {
        NovaStatistics statistics = parts.backend().nova().statistics();
        QueueCounts counts = statistics.jobs();
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "admin");
        List<Map<String, Object>> numbers = new ArrayList<>();
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("Waiting", counts.queued());
        named.put("Running", counts.running());
        named.put("Solved", counts.solved());
        named.put("Not solved", counts.unsolved());
        named.put("Failed", counts.failed());
        named.put("Cancelled", counts.cancelled());
        named.forEach((title, value) -> numbers.add(Map.of("title", title, "value", value)));
        values.put("counts", numbers);
        var waiting = statistics.waiting();
        values.put(
                "times",
                String.format(
                        java.util.Locale.ROOT,
                        "Of the latest %d jobs here half waited up to %.1f s and nine of ten up to %.1f s; half took up to"
                                + " %.1f s and nine of ten up to %.1f s.",
                        statistics.waits().count(),
                        statistics.waits().median().toMillis() / 1e3,
                        statistics.waits().p90().toMillis() / 1e3,
                        statistics.solveTimes().median().toMillis() / 1e3,
                        statistics.solveTimes().p90().toMillis() / 1e3));
        values.put(
                "waiting",
                waiting.submitters() == 0
                        ? "Nobody waits."
                        : waiting.submitters() + " submitters wait, the oldest job for "
                                + waiting.oldest().toSeconds() + " s.");
        values.put(
                "workers",
                parts.backend().store().workers().stream()
                        .map(PageRoutes::worker)
                        .toList());
        values.put(
                "health",
                parts.backend().nova().health().checks().stream()
                        .map(PageRoutes::check)
                        .toList());
        List<Job> lately = parts.backend().store().submissions(500).stream()
                .flatMap(s -> parts.backend().store().jobs(s.id()).stream())
                .toList();
        values.put("chart", Chart.perHour(lately, parts.clock().instant()));
        values.put(
                "failures",
                lately.stream()
                        .filter(job -> job.outcome() instanceof ImageOutcome.Failed)
                        .limit(20)
                        .map(PageRoutes::failure)
                        .toList());
        values.put(
                "accounts",
                parts.accounts().all().stream()
                        .map(a -> Map.<String, Object>of("id", a.id(), "name", a.name(), "admin", a.admin()))
                        .toList());
        values.put(
                "audit",
                parts.audit().newest(100).stream().map(PageRoutes::entry).toList());
        values.put("newName", "");
        values.putAll(more);
        show(ctx, "admin", values);
    }

    private static Map<String, Object> worker(WorkerStatus worker) {
        return Map.of(
                "name", worker.report().name(),
                "host", worker.report().host(),
                "transports", worker.report().transports(),
                "jobs", worker.report().running() + " of " + worker.report().capacity(),
                "seen", worker.lastSeen().toString() + (worker.draining() ? ", draining" : ""));
    }

    private static Map<String, Object> check(HealthReport.Check check) {
        return Map.of(
                "name",
                check.name(),
                "status",
                check.status().name().toLowerCase(java.util.Locale.ROOT),
                "detail",
                check.detail());
    }

    private static Map<String, Object> failure(Job job) {
        return Map.of(
                "id", job.image().id(),
                "name", job.image().fileName(),
                "text", job.outcome() == null ? "" : JobText.outcome(job.outcome()));
    }

    private static Map<String, Object> entry(Audit.Entry entry) {
        return Map.of(
                "at", entry.at().toString(),
                "account", entry.accountId() == null ? "" : entry.accountId(),
                "address", entry.address(),
                "action", entry.action(),
                "detail", entry.detail());
    }

    /** What a page says instead of what was asked for. */
    public void refuse(Context ctx, int status, String heading, String text) throws IOException {
        ctx.status(status);
        show(ctx, "error", Map.of("heading", heading, "text", text));
    }
}
