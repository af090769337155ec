package io.novasolve.core.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of a job's log; a talkative solver cannot fill the memory. Thread-safe. */
final class JobLog {

    private static final int MAX_LINES = 2000;
    private static final int MAX_LINE_LENGTH = 2000;

    private final Deque<String> lines = new ArrayDeque<>();
    private long dropped;

    synchronized void add(String line) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
            dropped++;
        }
        lines.add(line.length() > MAX_LINE_LENGTH ? line.substring(0, MAX_LINE_LENGTH) + "…" : line);
    }

    /** Each line with its end. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        if (dropped > 0) {
            text.append("(").append(dropped).append(" earlier lines dropped)\n");
        }
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
