package io.novasolve.transport.ssh.server;

import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveProgress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Nova's solve server says on its standard error beyond what the original one says: lines that begin with
 * {@value #PREFIX}. To the original client they are lines of a log like all others; Nova's client reads more from them.
 */
public final class ServerWords {

    public static final String PREFIX = "nova-server: ";

    /** Said now and then, so that the server notices when nobody listens any more. */
    public static final String ALIVE = "alive";

    private static final Pattern PROGRESS = Pattern.compile(
            "progress depth=(\\d{1,9}) indexes=(\\d{1,9}) quads=(\\d{1,18}) logodds=(-?[0-9.]{1,20}|none)");
    private static final Pattern UNSOLVED = Pattern.compile("unsolved (no_stars|no_match|timeout): (.*)");
    private static final Pattern FAILED = Pattern.compile("failed (again|final): (.*)");
    private static final Pattern JOB = Pattern.compile("solving (job-\\S{1,60})");

    private ServerWords() {}

    /** An honest answer without a place. */
    public record Unsolved(UnsolvedReason reason, String detail) {}

    /** No answer. */
    public record Failed(boolean retryable, String sentence) {}

    static String progressLine(SolveProgress p) {
        boolean finite = Double.isFinite(p.bestLogOdds());
        return String.format(
                Locale.ROOT,
                "progress depth=%d indexes=%d quads=%d logodds=%s",
                p.depth(),
                p.indexesTried(),
                p.quadsTried(),
                finite ? String.format(Locale.ROOT, "%.2f", p.bestLogOdds()) : "none");
    }

    static String unsolvedLine(UnsolvedReason reason, String detail) {
        return "unsolved " + reason.word() + ": " + oneLine(detail);
    }

    static String failedLine(boolean retryable, String sentence) {
        return "failed " + (retryable ? "again" : "final") + ": " + oneLine(sentence);
    }

    static String jobLine(String name) {
        return "solving " + name;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    public static Optional<SolveProgress> progress(String words) {
        Matcher m = PROGRESS.matcher(words);
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SolveProgress(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                Long.parseLong(m.group(3)),
                number(m.group(4))));
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NEGATIVE_INFINITY;
        }
    }

    public static Optional<Unsolved> unsolved(String words) {
        Matcher m = UNSOLVED.matcher(words);
        return m.matches()
                ? Optional.of(new Unsolved(UnsolvedReason.valueOf(m.group(1).toUpperCase(Locale.ROOT)), m.group(2)))
                : Optional.empty();
    }

    public static Optional<Failed> failed(String words) {
        Matcher m = FAILED.matcher(words);
        return m.matches() ? Optional.of(new Failed(m.group(1).equals("again"), m.group(2))) : Optional.empty();
    }

    /** The job that the server says it solves. */
    public static Optional<String> job(String words) {
        Matcher m = JOB.matcher(words);
        return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
    }
}
