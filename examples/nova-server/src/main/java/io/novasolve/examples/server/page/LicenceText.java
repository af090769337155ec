package io.novasolve.examples.server.page;

import io.novasolve.examples.server.accounts.Licence;
import io.novasolve.examples.server.http.Form;
import java.util.List;
import java.util.Map;

/** Licences as people read and choose them. */
final class LicenceText {

    private static final List<Map<String, Object>> COMMERCIAL =
            List.of(choice("d", "by default"), choice("y", "allowed"), choice("n", "not allowed"));

    private static final List<Map<String, Object>> MODIFICATIONS = List.of(
            choice("d", "by default"),
            choice("y", "allowed"),
            choice("sa", "allowed under the same licence"),
            choice("n", "not allowed"));

    private LicenceText() {}

    private static Map<String, Object> choice(String word, String title) {
        return Map.of("word", word, "title", title);
    }

    /** What the choice of one needs. */
    static Map<String, Object> choices(Licence now) {
        return Map.of(
                "commercial",
                COMMERCIAL,
                "modifications",
                MODIFICATIONS,
                "licence",
                Map.of("commercial", now.commercial(), "modifications", now.modifications()));
    }

    /** What was chosen; a form without the choice leaves it to the default. */
    static Licence read(Form form) throws RefusedException {
        try {
            return new Licence(
                    form.fields().getOrDefault("allow_commercial_use", "d"),
                    form.fields().getOrDefault("allow_modifications", "d"));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** Sentences; nothing of what nobody has said. */
    static String of(Licence licence) {
        String text =
                switch (licence.commercial()) {
                    case "y" -> "Commercial use is allowed. ";
                    case "n" -> "Commercial use is not allowed. ";
                    default -> "";
                };
        return text
                + switch (licence.modifications()) {
                    case "y" -> "Changed copies are allowed.";
                    case "sa" -> "Changed copies are allowed under the same licence.";
                    case "n" -> "Changed copies are not allowed.";
                    default -> "";
                };
    }
}
