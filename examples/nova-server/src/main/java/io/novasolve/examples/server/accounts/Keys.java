package io.novasolve.examples.server.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets that nobody can guess, and the hashes that are kept of them. */
public final class Keys {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";

    private final SecureRandom random;

    public Keys(SecureRandom random) {
        this.random = random;
    }

    /** 16 letters. */
    public String apiKey() {
        return draw(LETTERS, 16);
    }

    /** 32 letters and digits. */
    public String session() {
        return draw(LETTERS_AND_DIGITS, 32);
    }

    private String draw(String alphabet, int length) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < length; i++) {
            key.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return key.toString();
    }

    /** What is kept of a key: they are long and random, so that a plain hash will do. */
    public static String hash(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
