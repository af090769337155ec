package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists of pictures, and the search. */
final class ListPages {

    private static final int PER_PAGE = 24;
    private static final double SEARCH_DEG = 0.1;

    private final Pages pages;
    private final WebServer.Parts parts;

    ListPages(Pages pages, WebServer.Parts parts) {
        this.pages = pages;
        this.parts = parts;
    }

    void images(Context ctx) throws IOException {
        String text = ctx.queryParam("before");
        int before = text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
        List<Integer> ids = parts.submissions().publicIds(before, PER_PAGE);
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "images");
        values.put("heading", "Images");
        values.put("images", pages.cards(ctx, ids));
        values.put("next", ids.size() < PER_PAGE ? null : "/images?before=" + ids.get(ids.size() - 1));
        pages.show(ctx, "list", values);
    }

    void dashboard(Context ctx) throws IOException, RefusedException {
        Account account = pages.signedIn(ctx);
        pages.show(
                ctx,
                "list",
                Map.of(
                        "tab", "mine",
                        "heading", "My images",
                        "images", pages.cards(ctx, parts.submissions().idsOf(account, 200))));
    }

    void user(Context ctx) throws IOException, NotFoundException {
        Account account = Web.id(ctx)
                .flatMap(parts.accounts()::byId)
                .orElseThrow(() -> new NotFoundException("There is no such account."));
        pages.show(
                ctx,
                "list",
                Map.of(
                        "heading",
                        account.name(),
                        "images",
                        pages.cards(ctx, parts.submissions().idsOf(account, 200))));
    }

    void album(Context ctx) throws IOException, NotFoundException {
        String title = pages.parameter(ctx, "title");
        if (!parts.submissions().hasAlbum(title)) {
            throw new NotFoundException("There is no such album.");
        }
        pages.show(
                ctx,
                "list",
                Map.of(
                        "heading",
                        title,
                        "images",
                        pages.cards(ctx, parts.submissions().idsInAlbum(title, 200))));
    }

    void search(Context ctx) throws IOException {
        String query = pages.parameter(ctx, "q");
        String ra = pages.parameter(ctx, "ra");
        String dec = pages.parameter(ctx, "dec");
        Set<Integer> jobs = new LinkedHashSet<>();
        if (!query.isEmpty()) {
            parts.records().jobsByTag(query, false).forEach(j -> jobs.add(j.jobId()));
        }
        position(ra, dec)
                .ifPresent(
                        place -> parts.records().jobsAt(place, SEARCH_DEG, 200).forEach(j -> jobs.add(j.jobId())));
        Account viewer = pages.viewerOrOpen(ctx);
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
        values.put("images", pages.cards(found));
        pages.show(ctx, "search", values);
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
}
