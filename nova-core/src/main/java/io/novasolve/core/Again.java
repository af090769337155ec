package io.novasolve.core;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UserImage;
import io.novasolve.core.spi.ContentStore;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Requests for what was submitted before, with all that belonged to it but a deadline that is over. */
final class Again {

    private final ContentStore content;
    private final InstantSource clock;

    Again(ContentStore content, InstantSource clock) {
        this.content = content;
        this.clock = clock;
    }

    /** All of a submission; a link is fetched again. */
    SubmissionRequest all(Submission s) {
        Map<String, SolveOptions> ofImages = new HashMap<>(s.imageOptions());
        ofImages.replaceAll((name, options) -> withoutPastDeadline(options));
        return request(s, s.content(), s.fileName(), withoutPastDeadline(s.options()), s.link(), ofImages);
    }

    /**
     * One image of a submission, which no earlier solution answers.
     *
     * @param change gives the new options for those it had
     */
    SubmissionRequest image(Submission s, UserImage image, UnaryOperator<SolveOptions> change) {
        SolveOptions options = change.apply(withoutPastDeadline(s.optionsOf(image.fileName())));
        return request(s, image.content(), image.fileName(), options, null, Map.of())
                .withReuse(false);
    }

    private SolveOptions withoutPastDeadline(SolveOptions options) {
        return options.isOverdue(clock.instant())
                ? options.toBuilder().deadline(null).build()
                : options;
    }

    private SubmissionRequest request(
            Submission s,
            Content bytes,
            String name,
            SolveOptions options,
            @Nullable URI link,
            Map<String, SolveOptions> ofImages) {
        return new SubmissionRequest(
                () -> content.open(bytes.hash()), name, options, s.submitter(), null, link, s.labels(), ofImages);
    }
}
