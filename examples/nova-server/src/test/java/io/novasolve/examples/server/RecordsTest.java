package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.UserImage;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.db.Database;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.sky.SkyPosition;
import io.novasolve.transport.local.EmbeddedTransport;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own tables beside the store's. */
class RecordsTest {

    private static final Account ALICE = new Account(7, "alice", false, Licence.DEFAULT);
    private static final Account BOB = new Account(8, "bob", false, Licence.DEFAULT);

    @TempDir
    private Path folder;

    private Database db;
    private Store store;
    private Nova nova;
    private Submissions submissions;
    private Records records;

    @BeforeEach
    void open() throws Exception {
        db = Database.open("jdbc:sqlite:" + folder.resolve("nova.db"), null, null);
        store = Stores.open(db);
        ContentStore content = FolderContentStore.of(folder.resolve("content"), store);
        nova = Nova.builder(EmbeddedTransport.bundled())
                .store(store)
                .content(content)
                .jobWorkers(0)
                .start();
        Backend backend = new Backend(nova, store, content);
        submissions = new Submissions(backend, db, InstantSource.system(), 0);
        records = new Records(backend, db, new FieldCatalogue(SkyCatalogue.bundled()), submissions);
    }

    @AfterEach
    void close() {
        nova.close();
        store.close();
        db.close();
    }

    private int submit(String stars, boolean visible) throws Exception {
        SubmissionRequest request = SubmissionRequest.of(stars.getBytes(StandardCharsets.US_ASCII), "stars.txt");
        return submissions
                .submit(request, ALICE, new Submissions.Terms(visible, Licence.DEFAULT, null))
                .id();
    }

    /** What waits, once it is opened. */
    private Job job(int submission) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (store.jobs(submission).isEmpty()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
        return store.jobs(submission).get(0);
    }

    private int rows(String table) {
        return db.read(h -> h.createQuery("select count(*) from " + table)
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void whatHasEndedIsDeletedWithAllThatIsKnownOfIt() throws Exception {
        int submission = submit("1 2", true);
        int other = submit("3 4", true);
        Job job = job(submission);
        records.addTag(job, ALICE, "mine");
        records.addTag(job(other), ALICE, "mine too");
        records.catchUp();
        assertThat(records.delete(submission)).isFalse();
        assertThat(rows("server_submission")).isEqualTo(2);

        nova.cancelSubmission(submission);
        records.catchUp();
        assertThat(records.delete(submission)).isTrue();
        assertThat(store.submission(submission)).isEmpty();
        assertThat(store.job(job.id())).isEmpty();
        assertThat(records.jobOfImage(job.image().id())).isEmpty();
        assertThat(records.jobsByTag("mine", false, ALICE))
                .extracting(Records.JobOfSubmission::submissionId)
                .containsExactly(other);
        for (String table : List.of("server_submission", "server_image", "server_tag")) {
            assertThat(rows(table)).as(table).isEqualTo(1);
        }
        records.catchUp();
        assertThat(rows("server_image")).isEqualTo(1);
        assertThat(records.delete(submission)).isFalse();
    }

    @Test
    void aTagIsTakenBackByWhoGaveIt() throws Exception {
        Job job = job(submit("1 2", true));
        records.addTag(job, ALICE, "comet");
        // Twice is once.
        records.addTag(job, ALICE, "comet");
        records.addTag(job, BOB, "comet");
        assertThat(records.tagsBy(ALICE, job.id())).containsExactly("comet");
        assertThat(records.removeTag(job, ALICE, "comet\0")).isFalse();
        assertThat(records.removeTag(job, ALICE, "comet")).isTrue();
        assertThat(records.tagsBy(ALICE, job.id())).isEmpty();
        assertThat(records.removeTag(job, ALICE, "comet")).isFalse();
        assertThat(records.humanTags(job.id())).containsExactly("comet");
        assertThat(records.removeTag(job, BOB, "comet")).isTrue();
        assertThat(records.humanTags(job.id())).isEmpty();
    }

    /** The store gives so many, the newest first; the older ones are those that everybody may see. */
    @Test
    void manyHiddenPicturesOfAPlaceDoNotHideTheOthers() throws Exception {
        int shown = submit("1 2", true);
        int hidden = submit("3 4", false);
        Content content = job(shown).image().content();
        List<Job> found = new ArrayList<>();
        for (int id = 700; id > 100; id--) {
            found.add(at(id, hidden, content));
        }
        found.add(at(100, shown, content));
        Store seeing = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "showing" -> found.subList(0, Math.min(found.size(), (Integer) arguments[1]));
                    case "near" -> List.of();
                    default -> method.invoke(store, arguments);
                });
        Records searched = new Records(
                new Backend(nova, seeing, FolderContentStore.of(folder.resolve("content"), store)),
                db,
                new FieldCatalogue(SkyCatalogue.bundled()),
                submissions);
        SkyPosition place = new SkyPosition(83.8, -5.4);
        Records.JobOfSubmission only = new Records.JobOfSubmission(shown, 100);
        assertThat(searched.jobsAt(place, 1, null, 10)).containsExactly(only);
        assertThat(searched.jobsAt(place, 1, BOB, 10)).containsExactly(only);
        assertThat(searched.jobsAt(place, 1, ALICE, 10)).hasSize(10).doesNotContain(only);
    }

    private static Job at(int id, int submission, Content content) {
        return new Job(
                id,
                submission,
                new UserImage(id, submission, "sky.jpg", content),
                JobState.QUEUED,
                0,
                Instant.EPOCH,
                null,
                null,
                null,
                JobTimings.NONE,
                Map.of());
    }
}
