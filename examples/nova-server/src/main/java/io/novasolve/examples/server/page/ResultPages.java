package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.UnreadableSubmissionException;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.api.FormOptions;
import io.novasolve.examples.server.field.Field;
import io.novasolve.examples.server.field.JobText;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import io.novasolve.products.ObjectsInField;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A picture and what became of it. */
final class ResultPages {

    private final Pages pages;
    private final Web web;
    private final WebServer.Parts parts;

    ResultPages(Pages pages, Web web, WebServer.Parts parts) {
        this.pages = pages;
        this.web = web;
        this.parts = parts;
    }

    void result(Context ctx) throws IOException, NotFoundException {
        Job job = pages.job(ctx);
        Calibration calibration = job.outcome() instanceof ImageOutcome.Solved s ? s.calibration() : null;
        Field field = Field.of(parts.backend().nova(), job);
        double[] size = size(job, calibration);
        ObjectsInField objects = calibration == null ? null : parts.catalogue().objects(calibration.wcs());
        boolean mine = pages.isMine(ctx, job.submissionId());
        Map<String, Object> values = new HashMap<>();
        values.put("image", job.image().id());
        values.put("name", job.image().fileName());
        Submissions.Owned owned = parts.submissions().owned(job.submissionId());
        Account owner = pages.owner(job.submissionId());
        values.put("owner", owner.name());
        values.put("ownerId", owner.id());
        values.put("terms", LicenceText.of(owned.licence().orElse(owner.licence())));
        values.putAll(LicenceText.choices(owned.licence()));
        values.put("o", FormOptions.fields(options(job)));
        values.put("units", PageText.UNITS);
        values.putAll(pages.deletion(ctx, job.submissionId()));
        values.put("word", PageText.word(job.state()));
        values.put("state", PageText.state(job.state()));
        values.put("outcome", job.outcome() == null ? "" : PageText.outcome(job.outcome()));
        values.put("layers", layers(calibration != null, field));
        values.put("svg", size == null ? "" : LayersSvg.of(field, size[0], size[1], objects));
        values.put("alt", calibration == null ? "The submitted picture" : "The sky around " + place(calibration));
        values.put("mapAlt", calibration == null ? "" : "The field at " + place(calibration));
        values.put("calibration", calibration == null ? List.of() : PageText.calibration(calibration));
        values.put("calibrationId", calibration == null ? 0 : calibration.id());
        values.put("files", files(job, calibration != null, !parts.pictures().isStarList(job)));
        values.put(
                "album",
                owned.album() == null
                        ? null
                        : parts.submissions().album(owned.album()).orElse(null));
        Account viewer = web.viewer(ctx).account();
        values.put("tags", tags(job, objects, viewer));
        values.put("mayTag", viewer != null);
        values.put("mine", mine);
        values.put("visible", owned.visible());
        values.put(
                "log",
                new String(JobText.of(job), StandardCharsets.UTF_8)
                        + parts.backend()
                                .file(job, "log")
                                .map(b -> new String(b, StandardCharsets.UTF_8))
                                .orElse(""));
        pages.show(ctx, "result", values);
    }

    private static String place(Calibration calibration) {
        return PageText.hours(calibration.centre().raDeg()) + ", "
                + PageText.degrees(calibration.centre().decDeg());
    }

    private double @Nullable [] size(Job job, @Nullable Calibration calibration) {
        if (calibration != null) {
            return new double[] {calibration.wcs().width(), calibration.wcs().height()};
        }
        return parts.backend()
                .nova()
                .stars(job)
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

    private static List<Map<String, Object>> files(Job job, boolean solved, boolean picture) {
        List<Map<String, Object>> files = new ArrayList<>();
        files.add(file("Picture", "/image/" + job.image().id()));
        if (job.files().containsKey("job.axy")) {
            files.add(file("Star list", "/axy_file/" + job.id()));
        }
        if (solved) {
            files.add(file("WCS header", "/wcs_file/" + job.id()));
            if (picture) {
                files.add(file("Picture as FITS with WCS", "/new_fits_file/" + job.id()));
            }
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

    private List<Map<String, Object>> tags(Job job, @Nullable ObjectsInField objects, @Nullable Account viewer) {
        Set<String> own = viewer == null ? Set.of() : parts.records().tagsBy(viewer, job.id());
        Set<String> all = new LinkedHashSet<>(parts.records().humanTags(job.id()));
        if (objects != null) {
            all.addAll(objects.tags());
        }
        return all.stream()
                .map(tag -> Map.<String, Object>of(
                        "text",
                        tag,
                        "href",
                        "/search?q=" + URLEncoder.encode(tag, StandardCharsets.UTF_8),
                        "own",
                        own.contains(tag)))
                .toList();
    }

    void addTag(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Account by = pages.signedIn(ctx);
            Job job = pages.job(ctx);
            parts.records().addTag(job, by, form.field("tag"));
            pages.audit(ctx, by, "tag", "image " + job.image().id() + ": " + form.field("tag"));
            ctx.redirect("/user_images/" + job.image().id(), HttpStatus.SEE_OTHER);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    void removeTag(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Account by = pages.signedIn(ctx);
            Job job = pages.job(ctx);
            if (!parts.records().removeTag(job, by, form.field("tag"))) {
                throw new RefusedException("Only whoever gave a tag can remove it, and this one is not yours.");
            }
            pages.audit(ctx, by, "remove tag", "image " + job.image().id() + ": " + form.field("tag"));
            ctx.redirect("/user_images/" + job.image().id(), HttpStatus.SEE_OTHER);
        }
    }

    void setVisibility(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Job job = pages.job(ctx);
            pages.requireMine(ctx, job.submissionId());
            boolean visible = form.field("visible").equals("y");
            parts.submissions().setVisible(job.submissionId(), visible);
            pages.audit(ctx, pages.viewerOrOpen(ctx), visible ? "show" : "hide", "submission " + job.submissionId());
            ctx.redirect("/user_images/" + job.image().id(), HttpStatus.SEE_OTHER);
        }
    }

    void setLicence(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Job job = pages.job(ctx);
            pages.requireMine(ctx, job.submissionId());
            parts.submissions().setLicence(job.submissionId(), LicenceText.read(form));
            pages.audit(ctx, pages.viewerOrOpen(ctx), "licence", "submission " + job.submissionId());
            ctx.redirect("/user_images/" + job.image().id(), HttpStatus.SEE_OTHER);
        }
    }

    /** How it was asked to be solved. */
    private SolveOptions options(Job job) {
        return parts.backend()
                .store()
                .submission(job.submissionId())
                .map(submission -> submission.optionsOf(job.image().fileName()))
                .orElse(SolveOptions.defaults());
    }

    /** A new submission of the same bytes. */
    void retry(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Job job = pages.job(ctx);
            pages.requireMine(ctx, job.submissionId());
            Account owner = pages.submitter(ctx);
            if (owner == null) {
                throw new RefusedException("Sign in first.");
            }
            web.uploads(ctx, owner).take();
            Submissions.Owned before = parts.submissions().owned(job.submissionId());
            SubmissionRequest request = SubmissionRequest.of(
                            () -> parts.backend()
                                    .content()
                                    .open(job.image().content().hash()),
                            job.image().fileName())
                    .withOptions(FormOptions.read(form).orElse(FormOptions.unseen(options(job))));
            Submission submission = parts.submissions()
                    .submit(request, owner, new Submissions.Terms(before.visible(), before.licence(), before.album()));
            pages.audit(ctx, owner, "retry", "submission " + submission.id());
            ctx.redirect("/status/" + submission.id(), HttpStatus.SEE_OTHER);
        } catch (ApiException | UnreadableSubmissionException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }
}
