package io.novasolve.examples.server.accounts;

/** Somebody who has shown an API key. */
public record Session(Account account) {}
