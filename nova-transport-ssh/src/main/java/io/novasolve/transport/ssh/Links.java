package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The connections to one server: as many as the sessions need, each shared by several. Thread-safe. */
final class Links {

    private final SshServer server;
    private final int sessionsPerLink;
    private final Executor executor;
    private final List<Entry> entries = new ArrayList<>();
    private boolean closed;

    Links(SshServer server, int sessionsPerLink, Executor executor) {
        this.server = server;
        this.sessionsPerLink = sessionsPerLink;
        this.executor = executor;
    }

    private static final class Entry {
        private final Link link;
        private final CompletableFuture<Link> connected = new CompletableFuture<>();
        private int used;
        private int capacity;

        private Entry(Link link, int capacity) {
            this.link = link;
            this.capacity = capacity;
        }

        private boolean isDead() {
            return connected.isCompletedExceptionally() || connected.isDone() && !link.isAlive();
        }
    }

    /** The right to one session on a connection that may still be in the making. */
    final class Lease implements AutoCloseable {
        private final Entry entry;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        /** Fails with {@link SshTransportException}. */
        CompletableFuture<Link> connected() {
            return entry.connected;
        }

        /**
         * Says that the server opens no further session on this connection.
         *
         * @return whether others have one there, so that another connection may do
         */
        boolean refused() {
            return refuse(entry);
        }

        /** Gives a connection up that does not come about. */
        void abandon() {
            entry.link.abandon();
        }

        @Override
        public void close() {
            release(entry);
        }
    }

    synchronized Lease lease() throws SshTransportException {
        if (closed) {
            throw closed();
        }
        removeDead();
        for (Entry entry : entries) {
            if (entry.used < entry.capacity) {
                entry.used++;
                return new Lease(entry);
            }
        }
        Entry entry = new Entry(Link.to(server), sessionsPerLink);
        entry.used = 1;
        try {
            executor.execute(() -> connect(entry));
        } catch (RejectedExecutionException e) {
            throw closed();
        }
        entries.add(entry);
        return new Lease(entry);
    }

    private SshTransportException closed() {
        return new SshTransportException(Kind.CLOSED, "the ssh transport to " + server + " is closed", null);
    }

    private static void connect(Entry entry) {
        try {
            entry.link.connect();
            entry.connected.complete(entry.link);
        } catch (SshTransportException | RuntimeException | Error e) {
            entry.link.close();
            entry.connected.completeExceptionally(e);
        }
    }

    private synchronized void release(Entry entry) {
        entry.used--;
        if (entry.capacity == 0 && entry.used == 0) {
            // It carries nothing and would stay for ever.
            entry.link.abandon();
        }
        removeDead();
    }

    private synchronized boolean refuse(Entry entry) {
        entry.capacity = entry.used - 1;
        return entry.used > 1;
    }

    private void removeDead() {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (entry.isDead()) {
                all.remove();
                entry.link.abandon();
            }
        }
    }

    /** How many connections there are, those in the making included. */
    synchronized int size() {
        removeDead();
        return entries.size();
    }

    /** Cuts all connections. */
    void close() {
        List<Entry> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(entries);
            entries.clear();
        }
        for (Entry entry : all) {
            if (entry.connected.isDone()) {
                entry.link.close();
            } else {
                entry.link.abandon();
            }
        }
    }
}
