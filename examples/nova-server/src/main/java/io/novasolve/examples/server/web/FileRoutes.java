package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.api.JobApi;
import io.novasolve.examples.server.field.Field;
import io.novasolve.examples.server.field.JobText;
import io.novasolve.examples.server.field.NoPictureException;
import io.novasolve.examples.server.field.Overlays;
import io.novasolve.examples.server.field.Pictures;
import io.novasolve.examples.server.field.RadecFile;
import io.novasolve.examples.server.field.SkyMap;
import io.novasolve.examples.server.field.SurveyCutout;
import io.novasolve.products.Products;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Result files and pictures, at the root of the server. What tells where a picture points, and the log, anybody may have who
 * knows the job's id: clients fetch them without a session. What shows the picture or its stars follows its visibility.
 */
final class FileRoutes {

    private static final String FITS = "application/fits";

    /** How long browsers keep a picture. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** What pages show instead of one. */
    private static final String NO_PICTURE = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 256 192\""
            + " width=\"256\" height=\"192\"><rect width=\"256\" height=\"192\" fill=\"#05070d\"/><text x=\"128\" y=\"101\""
            + " text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"15\" fill=\"#a7b4d0\">No picture</text></svg>";

    private interface JobHandler {
        void handle(Context ctx, Job job) throws Exception;
    }

    private final Web web;
    private final Backend backend;
    private final JobApi jobs;
    private final Records records;
    private final FieldCatalogue catalogue;
    private final Pictures pictures;
    private final SkyMap skyMap;

    FileRoutes(Web web, Backend backend, JobApi jobs, Records records, FieldCatalogue catalogue, Pictures pictures) {
        this.web = web;
        this.backend = backend;
        this.jobs = jobs;
        this.records = records;
        this.catalogue = catalogue;
        this.pictures = pictures;
        this.skyMap = new SkyMap(catalogue);
    }

    void addTo(RoutesConfig routes) {
        job(routes, "/wcs_file/{id}", open(file(SolutionFiles.WCS, "wcs.fits")));
        job(routes, "/rdls_file/{id}", guarded(file(SolutionFiles.RDLS, "rdls.fits")));
        job(routes, "/corr_file/{id}", guarded(file(SolutionFiles.CORR, "corr.fits")));
        job(routes, "/axy_file/{id}", guarded(file(JobFile.NAME, "axy.fits")));
        job(routes, "/image_rd_file/{id}", guarded(this::radec));
        job(routes, "/kml_file/{id}", guarded(this::kml));
        job(routes, "/new_fits_file/{id}", guarded(this::newFits));
        job(
                routes,
                "/joblog/{id}",
                open((ctx, job) -> Web.text(ctx, isVisible(ctx, job) ? log(job) : JobText.forStrangers(job))));
        job(
                routes,
                "/joblog2/{id}",
                open((ctx, job) -> Web.text(ctx, isVisible(ctx, job) ? JobText.of(job) : JobText.forStrangers(job))));
        for (String size : List.of("display", "full")) {
            int longest = size.equals("display") ? Pictures.DISPLAY : Pictures.FULL;
            job(routes, "/annotated_" + size + "/{id}", guarded((ctx, job) -> annotated(ctx, job, longest)));
            job(routes, "/grid_" + size + "/{id}", guarded((ctx, job) -> grid(ctx, job, longest)));
            job(
                    routes,
                    "/extraction_image_" + size + "/{id}",
                    guarded((ctx, job) -> draw(
                            ctx,
                            job,
                            "extraction",
                            longest,
                            true,
                            () -> Overlays.extraction(Field.of(backend.nova(), job)))));
            job(
                    routes,
                    "/red_green_image_" + size + "/{id}",
                    guarded((ctx, job) -> draw(
                            ctx,
                            solved(job),
                            "redgreen",
                            longest,
                            true,
                            () -> Overlays.redGreen(Field.of(backend.nova(), job)))));
            for (SurveyCutout survey : SurveyCutout.values()) {
                String path = "/" + survey.name().toLowerCase(Locale.ROOT) + "_image_" + size + "/{id}";
                Web.reading(
                        routes,
                        path,
                        ctx -> cutout(ctx, survey, longest == Pictures.FULL ? Integer.MAX_VALUE : longest));
            }
        }
        for (String path : List.of("/image/{id}", "/wwt_image/{id}")) {
            image(routes, path, Pictures.FULL);
        }
        Web.reading(routes, "/sky_plot/{zoom}/{id}", this::skyPlot);
        image(routes, "/thumbnail_of_image/{id}", Pictures.THUMBNAIL);
        image(routes, "/display_of_image/{id}", Pictures.LARGE);
    }

    private void job(RoutesConfig routes, String path, JobHandler handler) {
        Web.reading(routes, path, ctx -> {
            handler.handle(ctx, Web.id(ctx).flatMap(jobs::job).orElseThrow(() -> missing(ctx)));
        });
    }

    private void image(RoutesConfig routes, String path, int longest) {
        Web.reading(routes, path, ctx -> {
            Job job = Web.id(ctx).flatMap(records::jobOfImage).orElseThrow(() -> missing(ctx));
            guarded((c, j) -> picture(c, j, longest)).handle(ctx, job);
        });
    }

    private void picture(Context ctx, Job job, int longest) throws IOException {
        try {
            Pictures.Ready picture = pictures.picture(job, longest);
            ctx.header("Cache-Control", "private, max-age=" + KEPT.toSeconds());
            ctx.res().setDateHeader("Expires", System.currentTimeMillis() + KEPT.toMillis());
            String asked = longest == Pictures.FULL ? ctx.queryParam("filename") : null;
            if (asked != null && !asked.isBlank()) {
                ctx.header("Content-Disposition", "attachment; filename=" + plain(asked));
            }
            send(ctx, picture);
        } catch (NoPictureException e) {
            if (longest == Pictures.FULL) {
                throw e;
            }
            // Browsers show it in spite of the status.
            ctx.status(404);
            Web.send(ctx, "image/svg+xml", NO_PICTURE.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A name of which no header and no file system makes anything else. */
    private static String plain(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.substring(0, Math.min(last.length(), 100)).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private static NotFoundException missing(Context ctx) {
        return new NotFoundException("there is nothing with the number " + ctx.pathParam("id"));
    }

    private static JobHandler open(JobHandler handler) {
        return handler;
    }

    private boolean isVisible(Context ctx, Job job) {
        return jobs.isVisible(job, web.onlooker(ctx));
    }

    /** Strangers learn of a hidden picture what they learn of one that does not exist. */
    private JobHandler guarded(JobHandler handler) {
        return (ctx, job) -> {
            if (!isVisible(ctx, job)) {
                throw missing(ctx);
            }
            handler.handle(ctx, job);
        };
    }

    private JobHandler file(String name, String sentAs) {
        return (ctx, job) -> Web.download(
                ctx,
                FITS,
                sentAs,
                backend.file(job, name)
                        .orElseThrow(() -> new NotFoundException("job " + job.id() + " has no " + sentAs)));
    }

    private static Job solved(Job job) throws NotFoundException {
        calibration(job);
        return job;
    }

    private static Calibration calibration(Job job) throws NotFoundException {
        if (job.outcome() instanceof ImageOutcome.Solved solved) {
            return solved.calibration();
        }
        throw new NotFoundException("job " + job.id() + " is not solved");
    }

    private byte[] log(Job job) throws IOException {
        return backend.file(job, "log").orElseGet(() -> new byte[0]);
    }

    private void radec(Context ctx, Job job) throws IOException, NotFoundException {
        Optional<StarList> stars = backend.nova().stars(job);
        if (stars.isEmpty()) {
            throw new NotFoundException("job " + job.id() + " has no star list");
        }
        Web.download(
                ctx,
                FITS,
                "image-radec.fits",
                RadecFile.of(stars.get(), calibration(job).wcs()));
    }

    private void newFits(Context ctx, Job job) throws IOException, NotFoundException {
        solved(job);
        Pictures.Ready file = pictures.passing(FITS, out -> {
            Products products = products(job);
            if (!products.hasPicture()) {
                throw new NoPictureException("job " + job.id() + " is of a star list, which has no pixels");
            }
            products.newFits(out);
        });
        ctx.header("Content-Disposition", "attachment; filename=new-image.fits");
        send(ctx, file);
    }

    private void kml(Context ctx, Job job) throws IOException, NotFoundException {
        solved(job);
        Pictures.Ready file = pictures.passing(
                "application/x-zip-compressed", out -> products(job).kmz(out));
        ctx.header("Content-Disposition", "attachment; filename=image.kmz");
        send(ctx, file);
    }

    private Products products(Job job) throws IOException {
        return backend.nova()
                .solved(job)
                .map(solved -> Products.of(solved, catalogue.sky()))
                .orElseThrow(() -> new NoPictureException("the files of job " + job.id() + " are gone"));
    }

    private void annotated(Context ctx, Job job, int longest) throws IOException, NotFoundException {
        draw(ctx, solved(job), "annotated", longest, false, () -> Overlays.annotated(products(job), longest));
    }

    private void skyPlot(Context ctx) throws IOException, NotFoundException {
        int zoom = SkyMap.zoom(ctx.pathParam("zoom")).orElseThrow(() -> missing(ctx));
        Job job = jobOfCalibration(ctx);
        Wcs wcs = calibration(job).wcs();
        send(ctx, pictures.made(job, "sky", zoom, true, out -> skyMap.write(wcs, zoom, out)));
    }

    private Job jobOfCalibration(Context ctx) throws NotFoundException {
        Job job = Web.id(ctx).flatMap(records::jobOfCalibration).orElseThrow(() -> missing(ctx));
        if (!isVisible(ctx, job)) {
            throw missing(ctx);
        }
        return job;
    }

    private void cutout(Context ctx, SurveyCutout survey, int longest) throws NotFoundException {
        ctx.redirect(survey.address(calibration(jobOfCalibration(ctx)).wcs(), longest));
    }

    private void grid(Context ctx, Job job, int longest) throws IOException, NotFoundException {
        draw(ctx, solved(job), "grid", longest, false, () -> Overlays.grid(Field.of(backend.nova(), job)));
    }

    private void draw(Context ctx, Job job, String name, int longest, boolean png, Pictures.Source drawing)
            throws IOException {
        send(ctx, pictures.drawing(job, name, longest, png, drawing));
    }

    private static void send(Context ctx, Pictures.Ready file) {
        Web.send(ctx, file.mediaType(), file.size(), file.bytes());
    }
}
