package io.novasolve.examples.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian's astroquery, for tests that need it. */
final class Astroquery {

    /** Debian's own: another python before it on the PATH does not have Debian's packages. */
    static final String PYTHON = "/usr/bin/python3";

    private Astroquery() {}

    /** Skips a test where it is missing, with a line that a build can look for. */
    static void require(String test) throws InterruptedException {
        if (!isHere()) {
            String what = "there is no astroquery for " + PYTHON + "; install the Debian package python3-astroquery";
            System.out.println("SKIPPED " + test + ": " + what);
            Assumptions.abort(what);
        }
    }

    private static boolean isHere() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(PYTHON, "-c", "import astroquery")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
