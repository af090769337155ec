package io.novasolve.examples.server.page;

import io.novasolve.examples.server.Records;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars for each of the last 24 hours, as SVG; the present hour is the last one. */
final class Chart {

    static final int HOURS = 24;

    private static final int LEFT = 46;
    private static final int STEP = 20;
    private static final double HEIGHT = 96;
    private static final double BOTTOM = 104;

    private Chart() {}

    /** @param what such as {@code jobs ended}; @param part of them, such as {@code solved}; @param colour its */
    static String of(List<Records.Hour> hours, String what, String part, String colour, Instant now) {
        Map<Long, Records.Hour> known = new HashMap<>();
        hours.forEach(hour -> known.put(hour.hour(), hour));
        long present = Records.hour(now);
        int all = hours.stream().mapToInt(Records.Hour::all).sum();
        int most = Math.max(1, hours.stream().mapToInt(Records.Hour::all).max().orElse(1));
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 530 124\" role=\"img\" aria-label=\"%d %s in the last 24 hours, at most %d in an hour\">",
                all,
                what,
                most));
        text(svg, LEFT - 6, BOTTOM - HEIGHT + 4, "end", Integer.toString(most));
        text(svg, LEFT - 6, BOTTOM, "end", "0");
        for (int i = 0; i < HOURS; i++) {
            long at = present - HOURS + 1 + i;
            int x = LEFT + i * STEP;
            if (at % 6 == 0) {
                text(svg, x + 8, BOTTOM + 16, "middle", at % 24 + " h UTC");
            }
            Records.Hour hour = known.get(at);
            if (hour != null) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<g><title>%d h UTC: %d %s, %d %s</title>",
                        at % 24,
                        hour.all(),
                        what,
                        hour.part(),
                        part));
                bar(svg, x, HEIGHT * hour.all() / most, "#8fa6cc");
                bar(svg, x, HEIGHT * hour.part() / most, colour);
                svg.append("</g>");
            }
        }
        return svg.append("<path d=\"M" + LEFT + " 104.5H528\" stroke=\"#8fa6cc\"/></svg>")
                .toString();
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\" font-size=\"14\" fill=\"currentColor\">%s</text>",
                x,
                y,
                anchor,
                text));
    }

    private static void bar(StringBuilder svg, double x, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.0f\" y=\"%.1f\" width=\"16\" height=\"%.1f\" fill=\"%s\"/>",
                x,
                BOTTOM - height,
                height,
                colour));
    }
}
