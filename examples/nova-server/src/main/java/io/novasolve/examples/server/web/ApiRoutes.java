package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.Audit;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.api.Api;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.api.JobApi;
import io.novasolve.examples.server.api.Viewer;
import io.novasolve.examples.server.http.Form;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The paths of the nova API. GET and POST are the same to all of them, with or without a slash at the end. */
final class ApiRoutes {

    /** A call that needs arguments. */
    private interface Call {
        Map<String, Object> reply(Context ctx, Form form) throws ApiException, IOException;
    }

    /** A call about a job. */
    private interface JobCall {
        Map<String, Object> reply(Context ctx, Job job, Viewer viewer) throws ApiException, IOException;
    }

    private final Web web;
    private final Api api;
    private final JobApi jobs;
    private final Audit audit;

    ApiRoutes(Web web, Api api, JobApi jobs, Audit audit) {
        this.web = web;
        this.api = api;
        this.jobs = jobs;
        this.audit = audit;
    }

    void addTo(RoutesConfig routes) {
        call(routes, "/api/login", this::login);
        Web.reading(routes, "/api/upload", ctx -> {
            try (Form form = web.longForm(ctx, fields -> keepsFile(ctx, fields.get(Api.ARGUMENTS)))) {
                Web.json(ctx, upload(ctx, "upload", form, api::upload));
            }
        });
        Web.reading(routes, "/api/url_upload", ctx -> {
            try (Form form = web.longForm(ctx, fields -> false)) {
                Web.json(ctx, upload(ctx, "url_upload", form, api::urlUpload));
            }
        });
        call(routes, "/api/submission_images", (ctx, form) -> api.submissionImages(form));
        call(routes, "/api/myjobs", (ctx, form) -> api.myJobs(form));
        call(
                routes,
                "/api/jobs_by_tag",
                (ctx, form) -> api.jobsByTag(ctx.queryParam("query"), ctx.queryParam("exact"), viewer(ctx, form)));
        Web.reading(routes, "/api/submissions/{id}", this::submission);
        jobCall(routes, "", (ctx, job, viewer) -> jobs.status(job, viewer));
        jobCall(routes, "/calibration", (ctx, job, viewer) -> jobs.calibrationReply(job));
        jobCall(routes, "/tags", (ctx, job, viewer) -> jobs.tags(job, viewer));
        jobCall(routes, "/machine_tags", (ctx, job, viewer) -> jobs.machineTags(job, viewer));
        jobCall(routes, "/objects_in_field", (ctx, job, viewer) -> jobs.objectsInField(job, viewer));
        jobCall(routes, "/annotations", (ctx, job, viewer) -> jobs.annotations(job, bright(ctx), viewer));
        jobCall(routes, "/info", (ctx, job, viewer) -> jobs.info(job, viewer));
        for (String survey : Set.of("sdss", "galex")) {
            call(routes, "/api/" + survey + "_image_for_wcs", (ctx, form) -> {
                throw new ApiException("this server has no pictures of the " + survey + " survey");
            });
        }
    }

    private void call(RoutesConfig routes, String path, Call call) {
        Web.reading(routes, path, ctx -> {
            try (Form form = web.form(ctx)) {
                Web.json(ctx, call.reply(ctx, form));
            }
        });
    }

    private void jobCall(RoutesConfig routes, String path, JobCall call) {
        Web.reading(routes, "/api/jobs/{id}" + path, ctx -> {
            Job job = Web.id(ctx)
                    .flatMap(jobs::job)
                    .orElseThrow(() -> new NotFoundException("there is no job " + ctx.pathParam("id")));
            try (Form form = web.form(ctx)) {
                Web.json(ctx, call.reply(ctx, job, viewer(ctx, form)));
            }
        });
    }

    private void submission(Context ctx) throws IOException, NotFoundException {
        try (Form form = web.form(ctx)) {
            Account signedIn = viewer(ctx, form).account();
            Account viewer = signedIn != null ? signedIn : web.onlooker(ctx);
            Web.json(
                    ctx,
                    Web.id(ctx)
                            .flatMap(id -> api.submission(id, viewer))
                            .orElseThrow(() -> new NotFoundException("there is no submission " + ctx.pathParam("id"))));
        }
    }

    private Viewer viewer(Context ctx, Form form) {
        return api.sessionIn(form.field(Api.ARGUMENTS)).map(Viewer::new).orElseGet(() -> web.viewer(ctx));
    }

    private Map<String, Object> login(Context ctx, Form form) throws ApiException {
        String address = web.address(ctx);
        web.logins(ctx).take();
        try {
            Api.Login login = api.login(form);
            if (!web.isFromElsewhere(ctx)) {
                // Else that page could sign its visitors in to the account of whoever wrote it.
                web.setSession(ctx, login.sessionKey());
            }
            audit.add(login.account(), address, "login", "api");
            return login.reply();
        } catch (ApiException e) {
            if ("bad apikey".equals(e.getMessage())) {
                audit.add(null, address, "login refused", "api");
            }
            throw e;
        }
    }

    private interface UploadCall {
        Map<String, Object> reply(Form form) throws ApiException;
    }

    /** Every client is known to send its arguments first. Where anybody may submit, the other way round will do as well. */
    private boolean keepsFile(Context ctx, @Nullable String arguments) {
        return arguments == null
                ? web.isOpen()
                : api.sessionIn(arguments)
                        .filter(session -> web.uploads(ctx, session.account()).isLeft())
                        .isPresent();
    }

    private Map<String, Object> upload(Context ctx, String action, Form form, UploadCall call) throws ApiException {
        Optional<Viewer> viewer = api.sessionIn(form.field(Api.ARGUMENTS)).map(Viewer::new);
        web.uploads(ctx, viewer.map(Viewer::account).orElse(null)).take();
        Map<String, Object> reply = call.reply(form);
        audit.add(
                viewer.map(Viewer::account).orElse(null), web.address(ctx), action, "submission " + reply.get("subid"));
        return reply;
    }

    private static @Nullable Integer bright(Context ctx) throws ApiException {
        String text = ctx.queryParam("nbright");
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ApiException("\"nbright\" must be a number, 0 or more");
        }
        return Integer.valueOf(text);
    }
}
