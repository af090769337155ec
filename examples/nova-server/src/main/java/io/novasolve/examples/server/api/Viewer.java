package io.novasolve.examples.server.api;

import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Session;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param session null if nobody in particular
 */
public record Viewer(@Nullable Session session) {

    public @Nullable Account account() {
        return session == null ? null : session.account();
    }
}
