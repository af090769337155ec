package io.novasolve.examples.server.page;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.WorkerStatus;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.examples.server.Audit;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.web.NotFoundException;
import io.novasolve.examples.server.web.Web;
import io.novasolve.examples.server.web.WebServer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What only administrators see. */
final class AdminPages {

    private final Pages pages;
    private final Web web;
    private final WebServer.Parts parts;

    AdminPages(Pages pages, Web web, WebServer.Parts parts) {
        this.pages = pages;
        this.web = web;
        this.parts = parts;
    }

    private Account administrator(Context ctx) throws RefusedException {
        Account account = pages.signedIn(ctx);
        if (!account.admin()) {
            throw new RefusedException("Only an administrator may see this.");
        }
        return account;
    }

    void admin(Context ctx) throws IOException, RefusedException {
        administrator(ctx);
        showAdmin(ctx, Map.of());
    }

    void createAccount(Context ctx) throws IOException, RefusedException {
        try (Form form = pages.ownForm(ctx)) {
            Account by = administrator(ctx);
            Accounts.Created created =
                    parts.accounts().create(form.field("name").strip(), false);
            pages.audit(ctx, by, "create account", created.account().name());
            showKey(ctx, created.account(), created.apiKey());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private void showKey(Context ctx, Account of, String apiKey) throws IOException {
        showAdmin(ctx, Map.of("newKey", apiKey, "newName", of.name()));
    }

    void renewKey(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Account by = administrator(ctx);
            Account account = account(ctx);
            String apiKey = parts.accounts().renewKey(account.id());
            pages.audit(ctx, by, "new key", "account " + account.name());
            showKey(ctx, account, apiKey);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    void lock(Context ctx) throws IOException, RefusedException, NotFoundException {
        try (Form form = pages.ownForm(ctx)) {
            Account by = administrator(ctx);
            Account account = account(ctx);
            parts.accounts().lock(account.id());
            pages.audit(ctx, by, "lock", "account " + account.name());
            ctx.redirect("/admin", HttpStatus.SEE_OTHER);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    private Account account(Context ctx) throws NotFoundException {
        return Web.id(ctx)
                .flatMap(parts.accounts()::byId)
                .orElseThrow(() -> new NotFoundException("There is no such account."));
    }

    void showAdmin(Context ctx, Map<String, Object> more) throws IOException {
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
                        Locale.ROOT,
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
                        .map(AdminPages::worker)
                        .toList());
        Map<Boolean, List<Map<String, Object>>> health = parts.backend().nova().health().checks().stream()
                .collect(Collectors.partitioningBy(
                        check -> check.name().startsWith(HealthReport.TRANSPORT),
                        Collectors.mapping(AdminPages::check, Collectors.toList())));
        values.put("health", health.get(false));
        values.put("solvers", health.get(true));
        Instant now = parts.clock().instant();
        long from = Records.hour(now) - Chart.HOURS + 1;
        values.put(
                "received", Chart.of(parts.records().received(from), "submissions received", "failed", "#c0453b", now));
        values.put("ended", Chart.of(parts.records().ended(from), "jobs ended", "solved", "#2f9e5f", now));
        values.put("failures", failures(parts.records().failed(20)));
        List<Account> accounts = parts.accounts().all();
        Map<Integer, String> names = accounts.stream().collect(Collectors.toMap(Account::id, Account::name));
        Set<Integer> locked = parts.accounts().locked();
        values.put(
                "accounts",
                accounts.stream()
                        .filter(account -> account.id() != Account.MACHINE)
                        .map(a -> account(a, locked))
                        .toList());
        values.put(
                "audit",
                parts.audit().newest(100).stream()
                        .map(entry -> entry(entry, names))
                        .toList());
        values.put("newName", "");
        values.putAll(more);
        pages.show(ctx, "admin", values);
    }

    private Map<String, Object> account(Account account, Set<Integer> locked) {
        boolean ownKey = parts.accounts().hasOwnKey(account.id());
        return Map.of(
                "id", account.id(),
                "name", account.name(),
                "admin", account.admin(),
                "ownKey", ownKey,
                "locked", ownKey && locked.contains(account.id()));
    }

    private static Map<String, Object> worker(WorkerStatus worker) {
        return Map.of(
                "name", worker.report().name(),
                "host", worker.report().host(),
                "transports", worker.report().transports(),
                "jobs", worker.report().running() + " of " + worker.report().capacity(),
                "seen", PageText.time(worker.lastSeen()) + (worker.draining() ? ", draining" : ""));
    }

    private static Map<String, Object> check(HealthReport.Check check) {
        return Map.of(
                "name",
                check.name().startsWith(HealthReport.TRANSPORT)
                        ? check.name().substring(HealthReport.TRANSPORT.length())
                        : check.name(),
                "state",
                switch (check.status()) {
                    case UP -> "good";
                    case DEGRADED -> "busy";
                    case DOWN -> "bad";
                },
                "status",
                check.status().name().toLowerCase(Locale.ROOT),
                "detail",
                check.detail());
    }

    /** What failed of submissions: themselves, or some of their jobs. */
    private List<Map<String, Object>> failures(List<Integer> submissionIds) {
        Map<Integer, List<Job>> jobs =
                parts.backend().store().jobs(submissionIds).stream().collect(Collectors.groupingBy(Job::submissionId));
        return parts.listings().of(submissionIds).stream()
                .flatMap(entry -> Stream.concat(
                        Stream.of(entry)
                                .filter(e -> e.state() == SubmissionState.FAILED)
                                .map(e -> failure("/status/" + e.submissionId(), e.fileName(), e.error())),
                        jobs.getOrDefault(entry.submissionId(), List.of()).stream()
                                .flatMap(AdminPages::failure)))
                .toList();
    }

    private static Stream<Map<String, Object>> failure(Job job) {
        return job.outcome() instanceof ImageOutcome.Failed failed
                ? Stream.of(
                        failure("/user_images/" + job.image().id(), job.image().fileName(), PageText.outcome(failed)))
                : Stream.empty();
    }

    private static Map<String, Object> failure(String href, String name, String text) {
        return Map.of("href", href, "name", name, "text", text);
    }

    private static Map<String, Object> entry(Audit.Entry entry, Map<Integer, String> names) {
        return Map.of(
                "at", PageText.time(entry.at()),
                "account", entry.accountId() == null ? "" : names.getOrDefault(entry.accountId(), ""),
                "address", entry.address(),
                "action", entry.action(),
                "detail", entry.detail());
    }
}
