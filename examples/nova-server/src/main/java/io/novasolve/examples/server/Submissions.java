package io.novasolve.examples.server;

import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.Submission;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.db.Database;
import io.novasolve.examples.server.db.Names;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What the server knows of submissions beyond what the library does: whose they are, and who may see them. */
public final class Submissions {

    /**
     * One of them.
     *
     * @param id the library's
     * @param accountId whose it is
     * @param visible to everybody
     * @param album null for none
     */
    public record Owned(int id, int accountId, boolean visible, Licence licence, @Nullable String album) {

        /** Whether somebody may see its pictures; an administrator may see all. */
        public boolean isVisibleTo(@Nullable Account viewer) {
            return visible || viewer != null && (viewer.admin() || viewer.id() == accountId);
        }
    }

    /**
     * What comes along with a picture.
     *
     * @param visible to everybody
     * @param album of the owner; null for none
     */
    public record Terms(boolean visible, Licence licence, @Nullable String album) {}

    private static final String SELECT =
            "select id, account_id, visible, commercial, modifications, album from server_submission ";

    /** What is true of rows that the {@code :viewer} may see, who is a {@link #viewer}. */
    static final String VISIBLE = "(visible = 1 or account_id = :viewer or :viewer = -1)";

    private static final int MAX_TITLE = 200;

    private final Backend backend;
    private final Database db;
    private final InstantSource clock;
    private final int openJobs;

    /** @param openJobs that an account may have at once; 0 for any number */
    public Submissions(Backend backend, Database db, InstantSource clock, int openJobs) {
        this.backend = backend;
        this.db = db;
        this.clock = clock;
        this.openJobs = openJobs;
    }

    /**
     * Submits for somebody; durable on return.
     *
     * @throws ApiException if too much of theirs is open already
     */
    public Submission submit(SubmissionRequest request, Account owner, Terms terms) throws ApiException {
        if (openJobs > 0 && openJobs(owner) >= openJobs) {
            throw new ApiException(
                    "you have " + openJobs
                            + " jobs that have not ended, and no account may have more here; wait for some of them, or cancel them");
        }
        Submission submission =
                backend.nova().submit(request.withSubmitter(owner.submitter())).submission();
        db.write(h -> h.createUpdate("insert into server_submission (id, account_id, visible, commercial,"
                        + " modifications, album, created_at, recorded, file_name) values (:id, :account,"
                        + " :visible, :commercial, :modifications, :album, :now, 0, :name)")
                .bind("name", submission.fileName())
                .bind("id", submission.id())
                .bind("account", owner.id())
                .bind("visible", terms.visible() ? 1 : 0)
                .bind("commercial", terms.licence().commercial())
                .bind("modifications", terms.licence().modifications())
                .bind("album", terms.album())
                .bind("now", Database.micros(clock.instant()))
                .execute());
        return submission;
    }

    /** A submission that is not opened yet counts as one. */
    private int openJobs(Account owner) {
        List<Integer> open = db.read(
                h -> h.createQuery("select id from server_submission where account_id = :account and recorded = 0")
                        .bind("account", owner.id())
                        .mapTo(Integer.class)
                        .list());
        return backend.store().progress(open).values().stream()
                .filter(progress -> !progress.isFinal())
                .mapToInt(progress -> Math.max(1, progress.images() - progress.ended()))
                .sum();
    }

    /** Nobody's and hidden, if the server went down between storing it and writing down whose it is. */
    public Owned owned(int submissionId) {
        return db.read(h -> h.createQuery(SELECT + "where id = :id")
                        .bind("id", submissionId)
                        .map((r, c) -> owned(r))
                        .findOne())
                .orElseGet(() -> new Owned(submissionId, Account.ANONYMOUS, false, Licence.DEFAULT, null));
    }

    /** Those of some that somebody may see, by their numbers. */
    public Map<Integer, Owned> visibleAmong(Collection<Integer> submissionIds, @Nullable Account viewer) {
        if (submissionIds.isEmpty()) {
            return Map.of();
        }
        return db.read(h -> h
                .createQuery(SELECT + "where id in (<ids>)")
                .bindList("ids", Set.copyOf(submissionIds))
                .map((r, c) -> owned(r))
                .stream()
                .filter(owned -> owned.isVisibleTo(viewer))
                .collect(Collectors.toMap(Owned::id, owned -> owned)));
    }

    private static Owned owned(ResultSet row) throws SQLException {
        return new Owned(
                row.getInt("id"),
                row.getInt("account_id"),
                row.getInt("visible") != 0,
                new Licence(row.getString("commercial"), row.getString("modifications")),
                row.getString("album"));
    }

    /** The newest first. */
    public List<Integer> idsOf(Account owner, int limit) {
        return db.read(h -> h.createQuery("select id from server_submission where account_id = :account"
                        + " order by id desc limit :limit")
                .bind("account", owner.id())
                .bind("limit", limit)
                .mapTo(Integer.class)
                .list());
    }

    /**
     * Those before one that somebody may see, the newest first.
     *
     * @param viewer null for those that everybody may see
     */
    public List<Owned> visible(@Nullable Account viewer, int before, int limit) {
        return visible("1 = 1", null, viewer, before, limit);
    }

    /** Of an account. */
    public List<Owned> visibleOf(Account owner, @Nullable Account viewer, int before, int limit) {
        return visible("account_id = :what", owner.id(), viewer, before, limit);
    }

    /** In an album. */
    public List<Owned> visibleIn(String album, @Nullable Account viewer, int before, int limit) {
        return visible("album = :what", album, viewer, before, limit);
    }

    private List<Owned> visible(
            String condition, @Nullable Object what, @Nullable Account viewer, int before, int limit) {
        return db.read(h -> {
            Query query = h.createQuery(SELECT + "where " + condition + " and id < :before and " + VISIBLE
                            + " order by id desc limit :limit")
                    .bind("before", before)
                    .bind("viewer", viewer(viewer))
                    .bind("limit", limit);
            if (what != null) {
                query.bind("what", what);
            }
            return query.map((r, c) -> owned(r)).list();
        });
    }

    /** A number for {@link #VISIBLE}. */
    static int viewer(@Nullable Account viewer) {
        return viewer == null ? 0 : viewer.admin() ? -1 : viewer.id();
    }

    /**
     * One of them.
     *
     * @param accountId whose it is
     */
    public record Album(int id, int accountId, String title) {}

    private static final String ALBUM = "select id, account_id, title from server_album ";

    /** Somebody's albums. */
    public List<Album> albumsOf(Account owner) {
        return albums("where account_id = :what order by title", owner.id());
    }

    public Optional<Album> album(int id) {
        return albums("where id = :what", id).stream().findFirst();
    }

    /** The album of a title. */
    public Optional<Album> album(String title) {
        // No title has a zero, and PostgreSQL refuses the question.
        return title.indexOf('\0') >= 0
                ? Optional.empty()
                : albums("where title = :what", title).stream().findFirst();
    }

    private List<Album> albums(String condition, Object what) {
        return db.read(h -> h.createQuery(ALBUM + condition)
                .bind("what", what)
                .map((r, c) -> new Album(r.getInt(1), r.getInt(2), r.getString(3)))
                .list());
    }

    /**
     * Makes an album; submissions name it by its title.
     *
     * @throws IllegalArgumentException if the title is empty, too long, or taken
     */
    public void createAlbum(Account owner, String title) {
        Names.require("the title of an album", title, MAX_TITLE);
        boolean made = db.write(h -> {
            int taken = h.createQuery("select count(*) from server_album where title = :title")
                    .bind("title", title)
                    .mapTo(Integer.class)
                    .one();
            return taken == 0
                    && h.createUpdate("insert into server_album (id, account_id, title)"
                                            + " select coalesce(max(id), 0) + 1, :account, :title from server_album")
                                    .bind("account", owner.id())
                                    .bind("title", title)
                                    .execute()
                            == 1;
        });
        if (!made) {
            throw new IllegalArgumentException("there is an album with the title " + title + " already");
        }
    }

    /** Whether somebody may put pictures into an album: it is theirs. */
    public boolean hasAlbum(Account owner, String title) {
        return album(title).filter(album -> album.accountId() == owner.id()).isPresent();
    }

    public void setLicence(int submissionId, Licence licence) {
        db.write(h -> h.createUpdate("update server_submission set commercial = :commercial,"
                        + " modifications = :modifications where id = :id")
                .bind("commercial", licence.commercial())
                .bind("modifications", licence.modifications())
                .bind("id", submissionId)
                .execute());
    }

    public void setVisible(int submissionId, boolean visible) {
        db.write(h -> h.createUpdate("update server_submission set visible = :visible where id = :id")
                .bind("visible", visible ? 1 : 0)
                .bind("id", submissionId)
                .execute());
    }
}
