package io.novasolve.examples.server.api;

import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.UnreadableSubmissionException;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.Listings;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.accounts.Session;
import io.novasolve.examples.server.accounts.Sessions;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.http.Upload;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls of the nova API but those about one job: forms in, what becomes JSON out. Knows nothing of HTTP. */
public final class Api {

    /** The field of a form that has the arguments. */
    public static final String ARGUMENTS = Arguments.FIELD;

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_ERROR = 255;
    private static final int MAX_JOBS = 100_000;

    private final Backend backend;
    private final Accounts accounts;
    private final Sessions sessions;
    private final Submissions submissions;
    private final Records records;
    private final Listings listings;
    private final UrlSubmissions urls;

    public Api(
            Backend backend,
            Accounts accounts,
            Sessions sessions,
            Submissions submissions,
            Records records,
            Listings listings,
            UrlSubmissions urls) {
        this.backend = backend;
        this.accounts = accounts;
        this.sessions = sessions;
        this.submissions = submissions;
        this.records = records;
        this.listings = listings;
        this.urls = urls;
    }

    /** A login: what to reply, and the session key that also goes into a cookie. */
    public record Login(Account account, String sessionKey) {
        public Map<String, Object> reply() {
            Map<String, Object> reply = success();
            reply.put("message", "authenticated user: " + account.name());
            reply.put("session", sessionKey);
            return reply;
        }
    }

    private static Map<String, Object> success() {
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", "success");
        return reply;
    }

    public static Map<String, Object> error(String message) {
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", "error");
        reply.put("errormessage", message);
        return reply;
    }

    public Login login(Form form) throws ApiException {
        Arguments arguments = arguments(form);
        if (!arguments.has("apikey")) {
            throw new ApiException("need \"apikey\"");
        }
        String key = arguments.text("apikey", "None");
        Account account = key.isEmpty()
                ? null
                : accounts.byKey(key).filter(a -> a.id() != Account.MACHINE).orElse(null);
        if (account == null) {
            throw new ApiException("bad apikey");
        }
        return new Login(account, sessions.begin(account));
    }

    private static Arguments arguments(Form form) throws ApiException {
        return Arguments.parse(form.field(Arguments.FIELD));
    }

    private Session session(Arguments arguments) throws ApiException {
        if (!arguments.has("session")) {
            throw new ApiException("no \"session\" in JSON.");
        }
        String key = arguments.text("session", "None");
        return sessions.use(key).orElseThrow(() -> new ApiException("no session with key \"" + key + "\""));
    }

    /** Who asks, if the arguments say so; status calls need no session, but clients send it. */
    public Optional<Session> sessionIn(String arguments) {
        try {
            String key = Arguments.parse(arguments).text("session");
            return key == null ? Optional.empty() : sessions.use(key);
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /** A file, or a star list in the arguments. */
    public Map<String, Object> upload(Form form) throws ApiException {
        Arguments arguments = arguments(form);
        Account owner = session(arguments).account();
        SolveOptions options = SolveArguments.read(arguments);
        if (arguments.has("x") && arguments.has("y")) {
            return submit(starList(arguments), options, owner, terms(arguments, owner));
        }
        Upload file = form.file("file").orElse(null);
        if (file == null) {
            throw new ApiException(
                    "no file: send it as the part \"file\" behind the arguments, or a star list as \"x\" and \"y\"");
        }
        SubmissionRequest request = SubmissionRequest.of(file.file()).withFileName(file.name());
        return submit(request, options, owner, terms(arguments, owner));
    }

    /** A URL, or a star list in the arguments. */
    public Map<String, Object> urlUpload(Form form) throws ApiException {
        Arguments arguments = arguments(form);
        Account owner = session(arguments).account();
        SolveOptions options = SolveArguments.read(arguments);
        if (arguments.has("x") && arguments.has("y")) {
            return submit(starList(arguments), options, owner, terms(arguments, owner));
        }
        String url = arguments.text("url", "").strip();
        if (url.isEmpty()) {
            throw new ApiException("no \"url\" in JSON.");
        }
        Submission submission = urls.submit(url, options, owner, terms(arguments, owner));
        Map<String, Object> reply = success();
        reply.put("subid", submission.id());
        return reply;
    }

    private static SubmissionRequest starList(Arguments arguments) throws ApiException {
        double[] x = arguments.numbers("x");
        double[] y = arguments.numbers("y");
        if (x == null || y == null) {
            throw new ApiException("Failed to parse JSON \"x\" and \"y\" values -- should be lists of floats");
        }
        if (x.length != y.length) {
            throw new ApiException("\"x\" and \"y\" lists must be the same length");
        }
        return SubmissionRequest.of(StarListFile.of(x, y), "json-xy");
    }

    private Submissions.Terms terms(Arguments arguments, Account owner) throws ApiException {
        String visible = arguments.text("publicly_visible", "y");
        if (!visible.equals("y") && !visible.equals("n")) {
            throw new ApiException("\"publicly_visible\" must be y or n");
        }
        String album = arguments.text("album");
        if (album != null && !submissions.hasAlbum(owner, album)) {
            throw new ApiException("Failed to find an Album with title \"" + album + "\"");
        }
        try {
            Licence licence = new Licence(
                    arguments.text("allow_commercial_use", "d"), arguments.text("allow_modifications", "d"));
            return new Submissions.Terms(visible.equals("y"), licence, album);
        } catch (IllegalArgumentException e) {
            throw new ApiException(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Object> submit(
            SubmissionRequest request, SolveOptions options, Account owner, Submissions.Terms terms)
            throws ApiException {
        try {
            Submission submission = submissions.submit(request.withOptions(options), owner, terms);
            Map<String, Object> reply = success();
            reply.put("subid", submission.id());
            reply.put("hash", submission.content().sha1());
            return reply;
        } catch (UnreadableSubmissionException e) {
            throw new ApiException("the upload could not be read; send it again");
        }
    }

    /**
     * Empty if there is no such submission. Strangers may follow a hidden one; but why it failed may name its file, or the
     * address it came from.
     */
    public Optional<Map<String, Object>> submission(int id, @Nullable Account viewer) {
        return backend.store().submission(id).map(submission -> {
            Map<String, Object> reply = status(submission);
            if (reply.containsKey("error_message") && !submissions.owned(id).isVisibleTo(viewer)) {
                reply.put("error_message", "the submission failed; whoever sent it may see why");
            }
            return reply;
        });
    }

    private Map<String, Object> status(Submission submission) {
        List<Job> jobs = backend.store().jobs(submission.id());
        List<Integer> images = jobs.stream().map(job -> job.image().id()).toList();
        boolean started = submission.state() != SubmissionState.QUEUED;
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("user", submissions.owned(submission.id()).accountId());
        reply.put("processing_started", time(started ? submission.submittedAt() : null));
        reply.put("processing_finished", time(submission.endedAt()));
        reply.put("user_images", images);
        reply.put("images", images);
        List<@Nullable Integer> ids = new ArrayList<>();
        // Older clients hang on the word for a job that waits, so a job is shown only when its search begins; then for
        // ever.
        jobs.forEach(job -> ids.add(Listings.Picture.of(job).begun() ? job.id() : null));
        reply.put("jobs", ids);
        reply.put(
                "job_calibrations", jobs.stream().flatMap(Api::calibrationPair).toList());
        if (submission.state() == SubmissionState.FAILED) {
            String error = String.valueOf(submission.error());
            reply.put(
                    "error_message",
                    error.length() <= MAX_ERROR ? error : "..." + error.substring(error.length() - MAX_ERROR + 3));
        }
        return reply;
    }

    private static Stream<List<Integer>> calibrationPair(Job job) {
        Calibration calibration = JobApi.calibration(job);
        return calibration == null ? Stream.empty() : Stream.of(List.of(job.id(), calibration.id()));
    }

    static String time(@Nullable Instant time) {
        if (time == null) {
            return "None";
        }
        int micros = time.getNano() / 1000;
        return SECONDS.format(time) + (micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros));
    }

    public Map<String, Object> submissionImages(Form form) throws ApiException {
        Arguments arguments = arguments(form);
        Account viewer = session(arguments).account();
        Integer id = arguments.integer("subid");
        if (id == null) {
            throw new ApiException("no \"subid\" in JSON.");
        }
        if (id < 1
                || backend.store().submission(id).isEmpty()
                || !submissions.owned(id).isVisibleTo(viewer)) {
            throw new ApiException("submission does not exist");
        }
        Map<String, Object> reply = success();
        reply.put(
                "image_ids",
                backend.store().jobs(id).stream().map(job -> job.image().id()).toList());
        return reply;
    }

    public Map<String, Object> myJobs(Form form) throws ApiException {
        Account owner = session(arguments(form)).account();
        List<Integer> jobs = listings.of(submissions.idsOf(owner, MAX_JOBS)).stream()
                .flatMap(entry -> entry.pictures().stream())
                .map(Listings.Picture::jobId)
                .toList();
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("jobs", jobs);
        reply.put("status", "success");
        return reply;
    }

    public Map<String, Object> jobsByTag(@Nullable String query, @Nullable String exact, Viewer viewer)
            throws ApiException {
        if (query == null) {
            throw new ApiException("no \"query\" in the URL");
        }
        return Map.of(
                "job_ids",
                records.jobsByTag(query, exact != null && !exact.isEmpty(), viewer.account()).stream()
                        .map(Records.JobOfSubmission::jobId)
                        .toList());
    }
}
