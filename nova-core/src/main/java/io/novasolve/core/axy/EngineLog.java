package io.novasolve.core.axy;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.Solution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code astrometry-engine} prints while it runs a job file, here or elsewhere: kept up to a bound (its beginning and
 * its end), passed on to the job's log, and searched for news. Used by one thread at a time.
 */
public final class EngineLog {

    private static final int MAX_LINE = 1000;
    private static final int MAX_LINES = 5000;
    private static final int TAIL = 200;
    private static final Pattern SOLVED = Pattern.compile("Field \\d+: solved with index (.+)\\.");
    private static final Pattern NOT_SOLVED =
            Pattern.compile("Field \\d+ did not solve(?: \\(index (.+), field objects \\d{1,9}-(\\d{1,9})\\))?.*");
    private static final Pattern LOG_ODDS = Pattern.compile("log-odds ratio (-?[0-9.]{1,30})(?:e([+-]\\d{1,3}))? .*");

    private final SolveContext context;
    private final StringBuilder line = new StringBuilder();
    private final List<String> head = new ArrayList<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private final Set<String> indexes = new HashSet<>();
    private long lines;
    private int depth;
    private double bestLogOdds = Double.NEGATIVE_INFINITY;
    private boolean searched;
    private boolean limitReached;
    private String solvedWith = "";

    /** @param context hears every line, up to a bound, and the news in them */
    public EngineLog(SolveContext context) {
        this.context = context;
    }

    /** Takes bytes as they come and returns the complete lines in them. */
    public List<String> accept(byte[] bytes, int length) {
        List<String> complete = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                complete.add(line.toString());
                line.setLength(0);
            } else if (line.length() < MAX_LINE) {
                line.append((char) (bytes[i] & 0xff));
            }
        }
        return complete;
    }

    /** One line of the engine's. */
    public void add(String text) {
        lines++;
        if (head.size() < MAX_LINES) {
            head.add(text);
            context.log(text);
        } else {
            if (lines == MAX_LINES + 1) {
                context.log("nova: the engine prints too much; from here on only its last lines are kept");
            }
            tail.addLast(text);
            if (tail.size() > TAIL) {
                tail.removeFirst();
            }
        }
        read(text.strip());
    }

    private void read(String text) {
        Matcher solved = SOLVED.matcher(text);
        if (solved.matches()) {
            solvedWith = solved.group(1);
            return;
        }
        Matcher notSolved = NOT_SOLVED.matcher(text);
        if (notSolved.matches()) {
            searched = true;
            if (notSolved.group(1) != null && indexes.size() < MAX_LINES) {
                indexes.add(notSolved.group(1));
                depth = Math.max(depth, Integer.parseInt(notSolved.group(2)));
            }
            news();
            return;
        }
        Matcher odds = LOG_ODDS.matcher(text);
        if (odds.matches()) {
            bestLogOdds = Math.max(bestLogOdds, number(odds.group(1), odds.group(2)));
            news();
        } else if (text.endsWith("time limit reached!")) {
            limitReached = true;
        }
    }

    private static double number(String mantissa, String exponent) {
        try {
            return Double.parseDouble(exponent == null ? mantissa : mantissa + "e" + exponent);
        } catch (NumberFormatException e) {
            // Such as "1.2.3": a line of somebody else's.
            return Double.NEGATIVE_INFINITY;
        }
    }

    private void news() {
        context.progress(new SolveProgress(depth, indexCount(), 0, bestLogOdds));
    }

    /** Base name of the index that solved; blank if the engine has not said. */
    public String indexName() {
        String name = solvedWith.substring(solvedWith.lastIndexOf('/') + 1);
        for (String suffix : List.of(".fits", ".littleendian", ".bigendian")) {
            name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        }
        return name;
    }

    /** The solution with the name of its index, which the engine's files do not carry. */
    public Solution named(Solution solution) {
        QuadMatch m = solution.match();
        if (!m.index().isEmpty()) {
            return solution;
        }
        QuadMatch match = new QuadMatch(
                indexName(),
                m.indexId(),
                m.quad(),
                m.indexStars(),
                m.fieldStars(),
                m.codeError(),
                m.logOdds(),
                m.matches(),
                m.distractors(),
                m.conflicts(),
                m.fieldCount(),
                m.indexCount());
        return new Solution(solution.wcs(), match, solution.matchedStars(), solution.referenceStars());
    }

    /** Whether the engine has said that it searched an index. */
    public boolean searched() {
        return searched;
    }

    /** Whether the engine has said that it ended at its limit of CPU time. */
    public boolean limitReached() {
        return limitReached;
    }

    /** How many stars of the list were searched with. */
    public int depth() {
        return depth;
    }

    /** How many index files were searched; 0 if unknown: of those searched together the engine names the last alone. */
    public int indexCount() {
        return indexes.size() > 1 ? indexes.size() : 0;
    }

    /** Whether a kept line contains these words. */
    public boolean mentions(String words) {
        return Stream.concat(head.stream(), tail.stream()).anyMatch(text -> text.contains(words));
    }

    /** The last lines, for an error message. */
    public String lastLines() {
        List<String> all = new ArrayList<>(tail.isEmpty() ? head : tail);
        List<String> last = all.subList(Math.max(0, all.size() - 5), all.size());
        return last.isEmpty() ? "it printed nothing" : "its last lines: " + String.join(" | ", last);
    }
}
