package io.novasolve.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of this process and of all those it started that have ended: on a busy machine the only fair one. */
final class CpuTime {

    /** Linux counts in hundredths of a second, whatever the kernel's own clock. */
    private static final double MS_PER_TICK = 10;

    private static final Path STAT = Path.of("/proc/self/stat");
    private static final int FIRST_AFTER_NAME = 3;
    private static final int UTIME = 14;
    private static final int CSTIME = 17;

    private CpuTime() {}

    /** In milliseconds since this process began; NaN where there is no {@code /proc}. */
    static double ms() throws IOException {
        if (!Files.isReadable(STAT)) {
            return Double.NaN;
        }
        String stat = Files.readString(STAT);
        // The name, in parentheses, may hold blanks.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double ticks = 0;
        for (int field = UTIME; field <= CSTIME; field++) {
            ticks += Double.parseDouble(words[field - FIRST_AFTER_NAME]);
        }
        return ticks * MS_PER_TICK;
    }
}
