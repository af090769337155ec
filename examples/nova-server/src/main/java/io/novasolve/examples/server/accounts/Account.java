package io.novasolve.examples.server.accounts;

/**
 * Somebody who submits pictures.
 *
 * @param id positive; 1 is anonymous, 2 the machine that makes tags
 * @param name unique
 * @param admin may see and do what concerns everybody
 * @param licence of pictures whose licence says {@code d}
 */
public record Account(int id, String name, boolean admin, Licence licence) {

    public static final int ANONYMOUS = 1;
    public static final int MACHINE = 2;

    public boolean isAnonymous() {
        return id == ANONYMOUS;
    }

    /** What the library knows it as. */
    public String submitter() {
        return isAnonymous() ? "" : "account-" + id;
    }
}
