package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.db.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class AuditTest {

    @Test
    void whatIsOlderThanAYearGoes(@TempDir Path folder) {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        try (Database db = Database.open("jdbc:sqlite:" + folder.resolve("nova.db"), null, null)) {
            Audit audit = new Audit(db, now::get);
            audit.add(null, "::1", "login refused", "old");
            now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
            audit.add(null, "::1", "login refused", "new");
            now.updateAndGet(t -> t.plus(Audit.KEPT));
            audit.forgetOld();
            assertThat(audit.newest(10)).extracting(Audit.Entry::detail).containsExactly("new");
        }
    }
}
