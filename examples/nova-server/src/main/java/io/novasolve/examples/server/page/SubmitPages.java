package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.UnreadableSubmissionException;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.Listings;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.api.FormOptions;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.http.Upload;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Submitting: the form, and a submission on its way. */
final class SubmitPages {

    private static final String EVENTS = "text/event-stream";

    private final Pages pages;
    private final Web web;
    private final WebServer.Parts parts;
    private final Events events;
    private final long mostBytes;

    /** @param mostBytes of an upload */
    SubmitPages(Pages pages, Web web, WebServer.Parts parts, Events events, long mostBytes) {
        this.mostBytes = mostBytes;
        this.pages = pages;
        this.web = web;
        this.parts = parts;
        this.events = events;
    }

    void home(Context ctx) throws IOException {
        Map<String, Object> values = new HashMap<>(LicenceText.choices(Licence.DEFAULT));
        values.put("maySubmit", pages.submitter(ctx) != null);
        values.put("o", FormOptions.fields(SolveOptions.defaults()));
        values.put("units", PageText.UNITS);
        values.put("images", pages.cards(parts.submissions().visible(null, Integer.MAX_VALUE, 12), false));
        values.put("most", mostBytes);
        values.put("mostText", PageText.bytes(mostBytes));
        pages.show(ctx, "home", values);
    }

    void upload(Context ctx) throws IOException, RefusedException {
        Account owner = pages.submitter(ctx);
        if (owner == null) {
            throw new RefusedException("Sign in first.");
        }
        // Before the body is read: who may not submit must not fill the disk either.
        web.uploads(ctx, owner).require();
        try (Form form = pages.ownFormWithFile(ctx)) {
            web.uploads(ctx, owner).take();
            if (!form.field("hidden").isEmpty() && pages.viewerOrOpen(ctx) == null) {
                throw new RefusedException(
                        "Sign in to hide a picture: of one sent without an account nobody could see the result.");
            }
            String url = form.field("url").strip();
            String album = form.field("album").strip();
            if (!album.isEmpty() && !parts.submissions().hasAlbum(owner, album)) {
                throw new RefusedException("You have no album with this title; make it on your account's page.");
            }
            Submissions.Terms terms = new Submissions.Terms(
                    form.field("hidden").isEmpty(), LicenceText.read(form), album.isEmpty() ? null : album);
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
            pages.audit(ctx, owner, "upload", "submission " + submission.id());
            ctx.redirect("/status/" + submission.id(), HttpStatus.SEE_OTHER);
        } catch (ApiException | UnreadableSubmissionException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    void status(Context ctx) throws IOException, NotFoundException {
        Submission submission = pages.submission(ctx);
        List<Job> jobs = parts.backend().store().jobs(submission.id());
        List<Job> open = Watch.open(jobs);
        SubmissionProgress counts = new SubmissionProgress(submission.state(), jobs.size(), jobs.size() - open.size());
        Progress progress = Progress.of(parts.backend(), submission, counts, counts.isFinal() ? jobs : open);
        Map<String, Object> values = new HashMap<>();
        values.put("id", submission.id());
        values.put("name", submission.fileName());
        values.put("over", progress.over());
        values.put("steps", progress.steps().stream().map(Progress.Step::json).toList());
        values.put("stage", progress.stage());
        values.put("now", progress.now());
        values.put("result", progress.next());
        values.put("error", submission.error());
        values.putAll(cards(ctx, submission, jobs));
        values.put("mayCancel", !progress.over() && pages.isMine(ctx, submission.id()));
        values.putAll(pages.deletion(ctx, submission.id()));
        pages.show(ctx, "status", values);
    }

    /** Some of the pictures of a submission: those of the page that is asked for. */
    private Map<String, Object> cards(Context ctx, Submission submission, List<Job> jobs) {
        String page = Pages.parameter(ctx, "page");
        int from = page.matches("[1-9]\\d{0,6}") ? (Integer.parseInt(page) - 1) * Pages.PER_PAGE : 0;
        int to = Math.min(jobs.size(), from + Pages.PER_PAGE);
        String owner = pages.owner(submission.id()).name();
        Map<String, Object> values = new HashMap<>();
        values.put(
                "images",
                jobs.subList(Math.min(from, to), to).stream()
                        .map(job -> Pages.card(Listings.Picture.of(job), owner))
                        .toList());
        values.put(
                "range",
                jobs.size() > Pages.PER_PAGE && from < to
                        ? "Pictures " + (from + 1) + " to " + to + " of " + jobs.size()
                        : "");
        values.put(
                "next", to < jobs.size() ? "/status/" + submission.id() + "?page=" + (to / Pages.PER_PAGE + 1) : null);
        return values;
    }

    /** Refused as a page is, before any event is sent: who follows hears why, or asks by itself. */
    void events(Context ctx) throws NotFoundException {
        Submission submission = pages.submission(ctx);
        String accepted = ctx.header("Accept");
        if (accepted == null || !accepted.contains(EVENTS)) {
            throw new NotFoundException("Here is a stream of events, for whoever accepts " + EVENTS + ".");
        }
        events.follow(ctx, submission, web.address(ctx));
    }

    void cancel(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Submission submission = pages.submission(ctx);
            pages.requireMine(ctx, submission.id());
            parts.backend().nova().cancelSubmission(submission.id());
            pages.audit(ctx, pages.viewerOrOpen(ctx), "cancel", "submission " + submission.id());
            ctx.redirect("/status/" + submission.id(), HttpStatus.SEE_OTHER);
        }
    }

    void delete(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            int id = pages.submission(ctx).id();
            Account by = pages.requireMayDelete(ctx, id);
            Account owner = pages.owner(id);
            if (!parts.records().delete(id)) {
                // Unless somebody else has deleted it meanwhile.
                pages.submission(ctx);
                throw new RefusedException("Submission " + id + " has not ended. Cancel it first, and delete it then.");
            }
            pages.audit(ctx, by, "delete", "submission " + id);
            String list = by.id() == owner.id() ? "/dashboard" : "/users/" + owner.id();
            ctx.redirect(list + "?deleted=" + id, HttpStatus.SEE_OTHER);
        }
    }
}
