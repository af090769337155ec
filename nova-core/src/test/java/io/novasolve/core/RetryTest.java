package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static io.novasolve.core.ScriptedTransport.SOLVES;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.intake.Archives;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.LinkFetcher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submissions and jobs that are tried again, as something new. */
@Timeout(60)
class RetryTest {

    private ScriptedTransport transport;
    private Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    private NovaBuilder builder(ScriptedTransport.Step... script) {
        transport = new ScriptedTransport(script);
        return Nova.builder(transport).jobWorkers(1);
    }

    private void start(ScriptedTransport.Step... script) {
        nova = builder(script).start();
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatDoesNotExistCannotBeTriedAgain() {
        start();
        assertThat(nova.retrySubmission(99)).isEmpty();
        assertThat(nova.retryJob(99)).isEmpty();
    }

    @Test
    void aSubmissionAndAJobCanBeTriedAgain() throws Exception {
        start(ScriptedTransport.FINDS_NOTHING, ScriptedTransport.FINDS_NOTHING);
        SubmissionRequest request = SubmissionRequest.of(Pictures.list(1), "list.txt")
                .withSubmitter("anna")
                .withOptions(SolveOptions.builder().depth(33).build())
                .withLabels(new Labels("album", Set.of("m42"), false));
        SubmissionHandle first = nova.submit(request);
        Job job = result(first).jobs().get(0);
        assertThat(job.state()).isEqualTo(JobState.UNSOLVED);

        SubmissionHandle second = nova.retrySubmission(first.id()).orElseThrow();
        assertThat(result(second).jobs()).extracting(Job::state).containsExactly(JobState.UNSOLVED);
        SubmissionHandle third = nova.retryJob(
                        job.id(),
                        o -> SolveOptions.builder().tweakOrder(3).build().orElse(o))
                .orElseThrow();
        assertThat(result(third).jobs()).extracting(Job::state).containsExactly(JobState.SOLVED);

        assertThat(Set.of(first.id(), second.id(), third.id())).hasSize(3);
        for (SubmissionHandle again : List.of(second, third)) {
            assertThat(again.submission().submitter()).isEqualTo("anna");
            assertThat(again.submission().labels()).isEqualTo(request.labels());
            assertThat(again.submission().options().depth()).isEqualTo(33);
            assertThat(again.jobs().get(0).image().content())
                    .isEqualTo(job.image().content());
        }
        assertThat(third.submission().options().tweakOrder()).isEqualTo(3);
        assertThat(nova.job(job.id()).orElseThrow().state())
                .as("what has ended never changes its meaning")
                .isEqualTo(JobState.UNSOLVED);
    }

    @Test
    void ofAnArchiveOnlyWhatWasNotSolvedIsSearchedAgain() throws Exception {
        start(SOLVES, FINDS_NOTHING, SOLVES);
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a.csv", Pictures.list(1));
        members.put("b.csv", Pictures.list(2));
        SolveOptions ofB = SolveOptions.builder().depth(44).build();
        SubmissionHandle first = nova.submit(
                SubmissionRequest.of(Archives.tar(members), "night.tar").withImageOptions(Map.of("b.csv", ofB)));
        assertThat(result(first).jobs()).extracting(Job::state).containsExactly(JobState.SOLVED, JobState.UNSOLVED);

        List<Job> again = result(nova.retrySubmission(first.id()).orElseThrow()).jobs();

        assertThat(again).extracting(job -> job.image().fileName()).containsExactly("a.csv", "b.csv");
        assertThat(again).extracting(Job::state).containsExactly(JobState.SOLVED, JobState.SOLVED);
        assertThat(again.get(0).timings()).as("not searched").isEqualTo(JobTimings.NONE);
        assertThat(transport.tasks).hasSize(3);
        assertThat(List.copyOf(transport.tasks).get(2).options().depth()).isEqualTo(44);
    }

    @Test
    void aMemberOfAnArchiveIsTriedAgainAlone() throws Exception {
        start();
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a.csv", Pictures.list(1));
        members.put("b.csv", Pictures.list(2));
        SolveOptions ofB = SolveOptions.builder().depth(44).build();
        Job solved = result(nova.submit(SubmissionRequest.of(Archives.tar(members), "night.tar")
                        .withImageOptions(Map.of("b.csv", ofB))))
                .jobs()
                .get(1);

        List<Job> again = result(nova.retryJob(solved.id()).orElseThrow()).jobs();

        assertThat(again).singleElement().satisfies(job -> {
            assertThat(job.state()).isEqualTo(JobState.SOLVED);
            assertThat(job.image().fileName()).isEqualTo("b.csv");
            assertThat(job.image().content()).isEqualTo(solved.image().content());
        });
        assertThat(transport.tasks).as("no earlier solution answers it").hasSize(3);
        assertThat(List.copyOf(transport.tasks).get(2).options().depth()).isEqualTo(44);
    }

    @Test
    void aLinkIsFetchedAgainButAJobOfItIsNot() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        LinkFetcher fetcher = new LinkFetcher() {
            @Override
            public void check(URI link) {}

            @Override
            public void fetch(URI link, Path file) throws IOException {
                Files.write(file, Pictures.list(fetched.incrementAndGet()));
            }
        };
        nova = builder().linkFetcher(fetcher).start();
        URI link = URI.create("https://example.org/m42.csv");
        SubmissionHandle first = nova.submit(SubmissionRequest.of(link));
        Job job = result(first).jobs().get(0);

        SubmissionResult again = result(nova.retrySubmission(first.id()).orElseThrow());
        assertThat(fetched).hasValue(2);
        assertThat(again.submission().link()).isEqualTo(link);
        assertThat(again.jobs().get(0).image().content())
                .as("what the link points to now")
                .isNotEqualTo(job.image().content());

        SubmissionResult alone = result(nova.retryJob(job.id()).orElseThrow());
        assertThat(fetched).hasValue(2);
        assertThat(alone.submission().link()).isNull();
        assertThat(alone.jobs().get(0).image().content()).isEqualTo(job.image().content());
    }

    @Test
    void aWrongHintIsDroppedAndTheRestStays() throws Exception {
        SolveOptions wrong = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 1, 2))
                .position(PositionHint.of(83.6, -5.4, 10))
                .depth(33)
                .build();
        start(FINDS_NOTHING);
        Job job = result(nova.submit(
                        SubmissionRequest.of(Pictures.list(1), "list.txt").withOptions(wrong)))
                .jobs()
                .get(0);

        result(nova.retryJob(job.id(), o -> o.toBuilder().scale(null).build()).orElseThrow());

        SolveOptions again = List.copyOf(transport.tasks).get(1).options();
        assertThat(again.scale()).isNull();
        assertThat(again.position()).isEqualTo(wrong.position());
        assertThat(again.depth()).isEqualTo(33);
    }

    @Test
    void aDeadlineThatIsOverIsDroppedAndOneThatIsNotStays() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        nova = builder(FINDS_NOTHING).clock(now::get).start();
        Instant soon = now.get().plusSeconds(10);
        Instant late = now.get().plus(Duration.ofDays(1));
        SubmissionHandle first =
                nova.submit(SubmissionRequest.of(Archives.tar(Map.of("a.csv", Pictures.list(1))), "a.tar")
                        .withOptions(SolveOptions.builder().deadline(late).build())
                        .withImageOptions(Map.of(
                                "a.csv", SolveOptions.builder().deadline(soon).build())));
        Job job = result(first).jobs().get(0);
        assertThat(job.state()).isEqualTo(JobState.UNSOLVED);

        now.set(soon);
        SubmissionHandle second = nova.retrySubmission(first.id()).orElseThrow();
        assertThat(result(second).jobs()).extracting(Job::state).containsExactly(JobState.SOLVED);
        assertThat(second.submission().options().deadline()).isEqualTo(late);
        SubmissionHandle third = nova.retryJob(job.id()).orElseThrow();
        assertThat(result(third).jobs()).extracting(Job::state).containsExactly(JobState.SOLVED);
    }
}
