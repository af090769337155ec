package io.novasolve.examples.server.page;

import io.novasolve.core.model.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Bars of how many jobs ended in each of the last 24 hours, as SVG. */
final class Chart {

    private static final int HOURS = 24;

    private Chart() {}

    static String perHour(List<Job> jobs, Instant now) {
        int[] ended = new int[HOURS];
        int[] solved = new int[HOURS];
        for (Job job : jobs) {
            if (job.endedAt() != null) {
                long ago = Duration.between(job.endedAt(), now).toHours();
                if (ago >= 0 && ago < HOURS) {
                    ended[(int) ago]++;
                    solved[(int) ago] += job.state().word().equals("solved") ? 1 : 0;
                }
            }
        }
        int most = 1;
        int all = 0;
        for (int n : ended) {
            most = Math.max(most, n);
            all += n;
        }
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 480 110\" role=\"img\" aria-label=\"" + all
                + " jobs ended in the last 24 hours, at most " + most + " in an hour\">");
        for (int h = 0; h < HOURS; h++) {
            double x = (HOURS - 1 - h) * 20 + 2;
            bar(svg, x, 96.0 * ended[h] / most, "#8fa6cc");
            bar(svg, x, 96.0 * solved[h] / most, "#2f9e5f");
        }
        return svg.append("<path d=\"M0 100.5H480\" stroke=\"#8fa6cc\"/></svg>").toString();
    }

    private static void bar(StringBuilder svg, double x, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.0f\" y=\"%.1f\" width=\"16\" height=\"%.1f\" fill=\"%s\"/>",
                x,
                100 - height,
                height,
                colour));
    }
}
