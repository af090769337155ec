package io.novasolve.index.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which scales a field needs, and what has them. A quad is found on a picture if it is clearly smaller than the picture,
 * and tells places apart if it is not tiny: sizes of 10 % to 100 % of the field can serve, 20 % to 70 % serve best.
 *
 * @param field the field
 * @param useful scales that can serve, as numbers 0…19
 * @param best those of them that serve best; empty if the field is too narrow or too wide for all
 * @param missing those of the best that are not installed
 * @param installs what to install for them
 */
public record IndexAdvice(
        FieldOfView field, Set<Integer> useful, Set<Integer> best, Set<Integer> missing, List<Install> installs) {

    private static final double SMALLEST = 0.1;
    private static final double BEST_FROM = 0.2;
    private static final double BEST_TO = 0.7;

    /** For each scale the first of these that has it: small files first. */
    private static final List<String> PREFERRED = List.of("4100", "5200_LITE", "4200");

    /**
     * Scales of a series to install.
     *
     * @param series name of the series
     * @param scales numbers of the scales
     */
    public record Install(String series, Set<Integer> scales) {}

    /**
     * Advice for a field.
     *
     * @param installed scales that are there already
     */
    public static IndexAdvice of(FieldOfView field, Set<Integer> installed, IndexCatalog catalog) {
        double side = field.shortSideArcmin();
        Set<Integer> useful = overlapping(SMALLEST * side, side);
        Set<Integer> best = overlapping(BEST_FROM * side, BEST_TO * side);
        Set<Integer> missing = new TreeSet<>(best);
        missing.removeAll(installed);
        return new IndexAdvice(field, useful, best, missing, installs(missing, catalog));
    }

    private static Set<Integer> overlapping(double fromArcmin, double toArcmin) {
        Set<Integer> scales = new TreeSet<>();
        IntStream.range(0, IndexSeries.LADDER_STEPS)
                .filter(i ->
                        IndexSeries.Scale.minArcmin(i) < toArcmin && IndexSeries.Scale.minArcmin(i + 1) > fromArcmin)
                .forEach(scales::add);
        return scales;
    }

    private static List<Install> installs(Set<Integer> missing, IndexCatalog catalog) {
        Set<Integer> open = new TreeSet<>(missing);
        List<Install> installs = new ArrayList<>();
        for (String name : PREFERRED) {
            Set<Integer> scales = new TreeSet<>(open);
            scales.removeIf(
                    s -> catalog.find(name).flatMap(series -> series.scale(s)).isEmpty());
            if (!scales.isEmpty()) {
                installs.add(new Install(name, scales));
                open.removeAll(scales);
            }
        }
        return installs;
    }

    /** The advice in words, for people whose picture was not solved as well. */
    public String sentence() {
        String what =
                String.format(Locale.ROOT, "A field of %s by %s", angle(field.widthDeg()), angle(field.heightDeg()));
        if (best.isEmpty()) {
            return what + " is too narrow for all published indexes; build one with “nova index build”.";
        }
        String needs = what + " is solved best with index scales " + range(best) + " (" + quads(best) + ")";
        if (missing.isEmpty()) {
            return needs + ", which are installed.";
        }
        List<String> commands = installs.stream()
                .map(i -> "nova index install " + i.series() + " --scales " + range(i.scales()))
                .toList();
        return needs + "; missing: " + range(missing) + ". Get them with: " + String.join("; ", commands);
    }

    private static String quads(Set<Integer> scales) {
        return String.format(
                Locale.ROOT,
                "stars %.3g′ to %.4g′ apart",
                IndexSeries.Scale.minArcmin(
                        scales.stream().mapToInt(i -> i).min().orElse(0)),
                IndexSeries.Scale.minArcmin(
                        scales.stream().mapToInt(i -> i).max().orElse(0) + 1));
    }

    private static String angle(double deg) {
        return deg < 1 ? String.format(Locale.ROOT, "%.1f′", 60 * deg) : String.format(Locale.ROOT, "%.1f°", deg);
    }

    /** Numbers such as 05-07,09. */
    static String range(Set<Integer> scales) {
        StringBuilder text = new StringBuilder();
        List<Integer> sorted = new ArrayList<>(new TreeSet<>(scales));
        for (int i = 0; i < sorted.size(); i++) {
            int first = i;
            while (i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1) {
                i++;
            }
            text.append(text.isEmpty() ? "" : ",").append(String.format(Locale.ROOT, "%02d", sorted.get(first)));
            if (i > first) {
                text.append(String.format(Locale.ROOT, "-%02d", sorted.get(i)));
            }
        }
        return text.toString();
    }
}
