package io.novasolve.examples.server.accounts;

/**
 * Somebody who has shown an API key.
 *
 * @param account who
 * @param formToken what forms of the page must bring along
 */
public record Session(Account account, String formToken) {}
