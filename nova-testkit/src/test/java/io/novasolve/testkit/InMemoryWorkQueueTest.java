package io.novasolve.testkit;

import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.spi.Store;
import java.time.Duration;

class InMemoryWorkQueueTest extends WorkQueueContract {

    private final SettableClock clock = new SettableClock();

    @Override
    protected Store open() {
        return new InMemoryStore(clock);
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }
}
