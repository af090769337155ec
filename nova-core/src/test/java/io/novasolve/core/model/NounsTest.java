package io.novasolve.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NounsTest {

    private static final ContentHash HASH = new ContentHash("ab".repeat(32));
    private static final Content CONTENT = new Content(HASH, "cd".repeat(20), 3);

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "AB"})
    void refusesWhatIsNoHash(String hex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ContentHash(hex))
                .withMessageContaining("64");
        assertThatIllegalArgumentException().isThrownBy(() -> new ContentHash("AB".repeat(32)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Content(HASH, hex, 1))
                .withMessageContaining("SHA-1");
    }

    @Test
    void refusesNegativeSizesAndTimes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Content(HASH, "cd".repeat(20), -1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobTimings(Duration.ZERO, Duration.ofSeconds(-1), Duration.ZERO, Duration.ZERO))
                .withMessageContaining("PT-1S");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void idsArePositive(int id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserImage(id, 1, "a", CONTENT))
                .withMessageContaining(Integer.toString(id));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserImage(1, id, "a", CONTENT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job(id, JobState.QUEUED, null))
                .withMessageContaining(Integer.toString(id));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Submission(
                        id,
                        "",
                        "a",
                        CONTENT,
                        SolveOptions.defaults(),
                        SubmissionState.QUEUED,
                        Instant.EPOCH,
                        null,
                        null))
                .withMessageContaining(Integer.toString(id));
    }

    private static Job job(int id, JobState state, ImageOutcome outcome) {
        return new Job(
                id,
                1,
                new UserImage(1, 1, "a", CONTENT),
                state,
                1,
                Instant.EPOCH,
                null,
                null,
                outcome,
                JobTimings.NONE,
                Map.of());
    }

    @Test
    void aJobHasAnOutcomeWhenAndOnlyWhenItHasEnded() {
        assertThat(job(1, JobState.CANCELLED, new ImageOutcome.Cancelled())
                        .state()
                        .isFinal())
                .isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> job(1, JobState.CANCELLED, null));
        assertThatIllegalArgumentException().isThrownBy(() -> job(1, JobState.SOLVED, new ImageOutcome.Cancelled()));
        assertThatIllegalArgumentException().isThrownBy(() -> job(1, JobState.QUEUED, new ImageOutcome.Cancelled()));
    }

    @ParameterizedTest
    @EnumSource(FailureReason.class)
    void wordsAreTheSameInEveryLocale(FailureReason reason) {
        assertThat(reason.word()).matches("[a-z_]+");
    }

    @Test
    void wordsOfTheContract() {
        assertThat(UnsolvedReason.NO_STARS.word()).isEqualTo("no_stars");
        assertThat(UnsolvedReason.TIMEOUT.word()).isEqualTo("timeout");
        assertThat(FailureReason.BAD_OPTIONS.word()).isEqualTo("bad_options");
        assertThat(JobState.UNSOLVED.word()).isEqualTo("unsolved");
    }
}
