package io.novasolve.store.jdbc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time of a database passes by itself only. */
final class TimePasses {

    private TimePasses() {}

    static void of(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
