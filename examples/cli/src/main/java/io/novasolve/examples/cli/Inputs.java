package io.novasolve.examples.cli;

import io.novasolve.core.SubmissionRequest;
import java.net.URI;
import java.nio.file.Path;

/** What is named on a command line: a file, or a link to one. */
final class Inputs {

    private Inputs() {}

    static boolean isLink(String input) {
        return input.startsWith("http://") || input.startsWith("https://");
    }

    /** @throws IllegalArgumentException if it is neither */
    static SubmissionRequest request(String input) {
        return isLink(input) ? SubmissionRequest.of(URI.create(input)) : SubmissionRequest.of(Path.of(input));
    }
}
