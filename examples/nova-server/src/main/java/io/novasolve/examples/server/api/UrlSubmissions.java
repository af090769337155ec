package io.novasolve.examples.server.api;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;

/** Takes submissions whose bytes have to be fetched. */
@FunctionalInterface
public interface UrlSubmissions {

    /** @throws ApiException if that URL must not be fetched */
    Submission submit(String url, SolveOptions options, Account owner, Submissions.Terms terms) throws ApiException;
}
