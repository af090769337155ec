package io.novasolve.examples.server;

import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.api.ApiException;
import io.novasolve.examples.server.api.UrlSubmissions;
import java.net.URI;
import java.net.URISyntaxException;

/** URLs become links, which the library fetches when their turn comes. */
final class FetchedUrls implements UrlSubmissions {

    private final Submissions submissions;

    FetchedUrls(Submissions submissions) {
        this.submissions = submissions;
    }

    @Override
    public Submission submit(String url, SolveOptions options, Account owner, Submissions.Terms terms)
            throws ApiException {
        try {
            return submissions.submit(SubmissionRequest.of(new URI(url)).withOptions(options), owner, terms);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new ApiException("this URL will not be fetched: " + e.getMessage(), e);
        }
    }
}
