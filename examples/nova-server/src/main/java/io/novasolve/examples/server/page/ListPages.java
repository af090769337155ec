package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import io.novasolve.products.SkyObject;
import io.novasolve.sky.Angles;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists of pictures, and the search. */
final class ListPages {

    private static final double SEARCH_DEG = 0.1;
    private static final int MOST_FOUND = 200;

    private final Pages pages;
    private final WebServer.Parts parts;

    ListPages(Pages pages, WebServer.Parts parts) {
        this.pages = pages;
        this.parts = parts;
    }

    void images(Context ctx) throws IOException {
        show(ctx, "images", "Images", "/images?", parts.submissions().visible(null, before(ctx), Pages.PER_PAGE));
    }

    void dashboard(Context ctx) throws IOException, RefusedException {
        Account account = pages.signedIn(ctx);
        show(
                ctx,
                "mine",
                "My images",
                "/dashboard?",
                parts.submissions().visibleOf(account, account, before(ctx), Pages.PER_PAGE));
    }

    void user(Context ctx) throws IOException, NotFoundException {
        Account account = Web.id(ctx)
                .flatMap(parts.accounts()::byId)
                .orElseThrow(() -> new NotFoundException("There is no such account."));
        show(
                ctx,
                "",
                account.name(),
                "/users/" + account.id() + "?",
                parts.submissions().visibleOf(account, pages.viewerOrOpen(ctx), before(ctx), Pages.PER_PAGE));
    }

    /** By its title. */
    void albumOfTitle(Context ctx) throws IOException, NotFoundException {
        album(ctx, parts.submissions().album(Pages.parameter(ctx, "title")));
    }

    /** By its number, which does not give away titles of those in which nothing is to be seen. */
    void album(Context ctx) throws IOException, NotFoundException {
        album(
                ctx,
                Web.id(ctx)
                        .flatMap(parts.submissions()::album)
                        .filter(album -> isMine(ctx, album)
                                || !in(album, ctx, Integer.MAX_VALUE, 1).isEmpty()));
    }

    private boolean isMine(Context ctx, Submissions.Album album) {
        Account viewer = pages.viewerOrOpen(ctx);
        return viewer != null && (viewer.admin() || viewer.id() == album.accountId());
    }

    private List<Submissions.Owned> in(Submissions.Album album, Context ctx, int before, int limit) {
        return parts.submissions().visibleIn(album.title(), pages.viewerOrOpen(ctx), before, limit);
    }

    private void album(Context ctx, Optional<Submissions.Album> found) throws IOException, NotFoundException {
        Submissions.Album album = found.orElseThrow(() -> new NotFoundException("There is no such album."));
        show(ctx, "", album.title(), "/albums/" + album.id() + "?", in(album, ctx, before(ctx), Pages.PER_PAGE));
    }

    /** What was sent together. */
    void together(Context ctx) throws IOException {
        String ids = Pages.parameter(ctx, "ids");
        List<Integer> wanted = ids.matches("[1-9]\\d{0,8}(,[1-9]\\d{0,8}){0,199}")
                ? Stream.of(ids.split(",")).map(Integer::valueOf).distinct().toList()
                : List.of();
        Map<Integer, Submissions.Owned> visible = parts.submissions().visibleAmong(wanted, pages.viewerOrOpen(ctx));
        List<Submissions.Owned> all =
                wanted.stream().filter(visible::containsKey).map(visible::get).toList();
        pages.show(ctx, "list", Map.of("heading", "Sent together", "images", pages.cards(all, true)));
    }

    private static int before(Context ctx) {
        String text = Pages.parameter(ctx, "before");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    }

    /** @param path of the list, to which where to go on is added */
    private void show(Context ctx, String tab, String heading, String path, List<Submissions.Owned> some)
            throws IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("tab", tab);
        values.put("heading", heading);
        values.put("message", deleted(ctx));
        values.put("images", pages.cards(some, tab.equals("mine")));
        values.put(
                "next",
                some.size() < Pages.PER_PAGE
                        ? null
                        : path + "before=" + some.get(some.size() - 1).id());
        pages.show(ctx, "list", values);
    }

    /** What whoever has just deleted a submission is told; nothing of one that is there, whoever made the link. */
    private String deleted(Context ctx) {
        String id = Pages.parameter(ctx, "deleted");
        return id.matches("[1-9]\\d{0,8}")
                        && parts.backend()
                                .store()
                                .submission(Integer.parseInt(id))
                                .isEmpty()
                ? "Submission " + id + " is deleted."
                : "";
    }

    void search(Context ctx) throws IOException {
        String query = Pages.parameter(ctx, "q");
        String ra = Pages.parameter(ctx, "ra");
        String dec = Pages.parameter(ctx, "dec");
        String radius = Pages.parameter(ctx, "radius");
        Map<String, Object> values = new HashMap<>();
        values.put("tab", "search");
        values.put("q", query);
        values.put("ra", ra);
        values.put("dec", dec);
        values.put("radius", radius);
        values.put("searched", !query.isEmpty());
        values.put("images", List.of());
        try {
            Optional<SkyPosition> place = place(ra, dec);
            values.put("searched", !query.isEmpty() || place.isPresent());
            values.put("images", found(query, place, radius(radius), pages.viewerOrOpen(ctx)));
        } catch (IllegalArgumentException e) {
            values.put("searched", false);
            values.put("message", String.valueOf(e.getMessage()));
        }
        pages.show(ctx, "search", values);
    }

    /** Empty if none is given. */
    private static Optional<SkyPosition> place(String ra, String dec) {
        if (ra.isEmpty() && dec.isEmpty()) {
            return Optional.empty();
        }
        if (ra.isEmpty() || dec.isEmpty()) {
            throw new IllegalArgumentException("A place needs both RA and Dec.");
        }
        return Optional.of(new SkyPosition(
                Angles.ra(ra)
                        .orElseThrow(() -> new IllegalArgumentException("This is no RA: \"" + ra
                                + "\". Write degrees, 0 to 360, such as 83.82, or hours such as 5:35:17.")),
                Angles.dec(dec)
                        .orElseThrow(() -> new IllegalArgumentException("This is no Dec: \"" + dec
                                + "\". Write degrees, -90 to 90, such as -5.39 or -5:23:28."))));
    }

    private static double radius(String radius) {
        if (radius.isEmpty()) {
            return SEARCH_DEG;
        }
        double deg = radius.matches("\\d{1,6}(\\.\\d{0,9})?°?") ? Double.parseDouble(radius.replace("°", "")) : 0;
        if (deg <= 0 || deg > 180) {
            throw new IllegalArgumentException(
                    "This is no distance: \"" + radius + "\". Write degrees, more than 0 and up to 180, such as 2.5.");
        }
        return deg;
    }

    /** What has a tag like it, shows the object of that name or a place, or has its middle near them. */
    private List<Map<String, Object>> found(
            String query, Optional<SkyPosition> place, double radiusDeg, @Nullable Account viewer) {
        Set<Records.JobOfSubmission> jobs = new LinkedHashSet<>();
        if (!query.isEmpty()) {
            jobs.addAll(parts.records().jobsByTag(query, false, viewer));
        }
        Optional<SkyPosition> object = parts.catalogue().sky().named(query).map(SkyObject::position);
        Stream.concat(object.stream(), place.stream())
                .forEach(at -> jobs.addAll(parts.records().jobsAt(at, radiusDeg, viewer, MOST_FOUND)));
        Map<Integer, Submissions.Owned> visible = parts.submissions()
                .visibleAmong(
                        jobs.stream().map(Records.JobOfSubmission::submissionId).toList(), viewer);
        List<Records.JobOfSubmission> shown = jobs.stream()
                .filter(job -> visible.containsKey(job.submissionId()))
                .limit(MOST_FOUND)
                .toList();
        return pages.cards(parts.listings().pictures(shown), visible.values());
    }
}
