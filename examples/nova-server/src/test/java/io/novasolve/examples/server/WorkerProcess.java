package io.novasolve.examples.server;

import io.novasolve.core.Nova;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.store.jdbc.JdbcStore;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** What {@code nova work} does, in a process of its own: nothing of the server, only the database and the content. */
final class WorkerProcess {

    private WorkerProcess() {}

    /** What it says goes to a file. */
    static Process start(String store, String user, String password, Path content, Path log) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        store,
                        user,
                        password,
                        content.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] args) throws Exception {
        try (JdbcStore store =
                        JdbcStore.at(args[0]).user(args[1]).password(args[2]).build();
                FolderContentStore content = FolderContentStore.existing(Path.of(args[3]));
                Nova nova = Nova.builder(EmbeddedTransport.bundled())
                        .name("elsewhere")
                        .store(store)
                        .content(content)
                        .jobWorkers(1)
                        .start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(nova::close));
            new CountDownLatch(1).await();
        }
    }
}
