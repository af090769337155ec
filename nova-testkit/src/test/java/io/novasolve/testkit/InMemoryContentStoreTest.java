package io.novasolve.testkit;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.spi.ContentStore;
import java.nio.file.Path;
import java.time.Duration;

class InMemoryContentStoreTest extends ContentStoreContract {

    private final SettableClock clock = new SettableClock();

    @Override
    protected ContentStore open(Path folder) {
        return new InMemoryContentStore(clock);
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }

    @Override
    protected int stored(ContentStore store) {
        return ((InMemoryContentStore) store).size();
    }

    @Override
    protected boolean takesMoreThanMemory() {
        return false;
    }
}
