package io.novasolve.sky.solution;

import io.novasolve.sky.Parity;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsHdu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import nom.tam.fits.HeaderCard;

/** The match as the native engine tells it in COMMENT cards of {@code wcs.fits}: lines of {@code key: value}. */
final class WcsComments {

    private WcsComments() {}

    static List<String> of(Solution solution) {
        QuadMatch match = solution.match();
        return List.of(
                "index name: " + ascii(match.index()),
                "index id: " + match.indexId(),
                "log odds: " + number(match.logOdds()),
                "odds: " + number(Math.exp(match.logOdds())),
                "quadno: " + match.quad(),
                "stars: " + joined(match.indexStars()),
                "field: " + joined(match.fieldStars()),
                "code error: " + number(match.codeError()),
                "nmatch: " + match.matches(),
                "nconflict: " + match.conflicts(),
                "nfield: " + match.fieldCount(),
                "nindex: " + match.indexCount(),
                "scale: " + number(solution.wcs().pixelScaleArcsec()) + " arcsec/pix",
                "parity: " + (solution.wcs().parity() == Parity.NEG ? 1 : 0));
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.8g", value);
    }

    private static String joined(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** What the comments of a WCS tell; what they do not tell is 0, or NaN for the odds and the code error. */
    static QuadMatch match(byte[] content, String name) throws UnreadableInputException {
        Map<String, String> told = new HashMap<>();
        for (FitsHdu hdu : FitsHdu.all(content, name)) {
            lines(hdu).forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    told.putIfAbsent(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            });
        }
        return new QuadMatch(
                told.getOrDefault("index name", ""),
                integer(told, "index id"),
                integer(told, "quadno"),
                integers(told.getOrDefault("stars", "")),
                integers(told.getOrDefault("field", "")),
                real(told, "code error"),
                real(told, "log odds"),
                integer(told, "nmatch"),
                0,
                integer(told, "nconflict"),
                integer(told, "nfield"),
                integer(told, "nindex"));
    }

    private static List<String> lines(FitsHdu hdu) {
        List<String> lines = new ArrayList<>();
        Iterator<HeaderCard> cards = hdu.header().iterator();
        while (cards.hasNext()) {
            HeaderCard card = cards.next();
            String text = card.getComment();
            if ("COMMENT".equals(card.getKey()) && text != null) {
                lines.add(text);
            }
        }
        return lines;
    }

    private static int integer(Map<String, String> told, String key) {
        double value = real(told, key);
        return Double.isFinite(value) ? (int) value : 0;
    }

    private static double real(Map<String, String> told, String key) {
        return parsed(told.getOrDefault(key, ""));
    }

    private static List<Integer> integers(String text) {
        return Arrays.stream(text.split(",", -1))
                .mapToDouble(WcsComments::parsed)
                .filter(Double::isFinite)
                .mapToObj(value -> (int) value)
                .toList();
    }

    private static double parsed(String text) {
        return text.strip().matches("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?")
                ? Double.parseDouble(text.strip())
                : Double.NaN;
    }
}
