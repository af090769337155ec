package io.novasolve.examples.server.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Closes connections on which a request has begun to arrive, but its headers never end. The HTTP server limits the pause
 * between two bytes, not all of the time. Thread-safe.
 */
final class SlowHeaders implements Connection.Listener {

    private static final class Arrival {
        private boolean handled;
        private boolean begun;
        private long bytesBefore;
        private long since;
    }

    private final long limit;
    private final LongSupplier ticker;
    private final Map<Connection, Arrival> arrivals = new ConcurrentHashMap<>();

    /**
     * @param limit until the headers of a request must be there
     * @param ticker nanoseconds
     */
    SlowHeaders(Duration limit, LongSupplier ticker) {
        this.limit = limit.toNanos();
        this.ticker = ticker;
    }

    @Override
    public void onOpened(Connection connection) {
        arrivals.put(connection, new Arrival());
    }

    @Override
    public void onClosed(Connection connection) {
        arrivals.remove(connection);
    }

    /** Tells it whose headers have arrived. */
    Handler.Wrapper handler() {
        return new Handler.Wrapper() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                Connection connection = request.getConnectionMetaData().getConnection();
                mark(connection, true);
                Request.addCompletionListener(request, failure -> mark(connection, false));
                return super.handle(request, response, callback);
            }
        };
    }

    private void mark(Connection connection, boolean handled) {
        Arrival arrival = arrivals.get(connection);
        if (arrival != null) {
            synchronized (arrival) {
                arrival.handled = handled;
                arrival.begun = false;
                arrival.bytesBefore = connection.getBytesIn();
            }
        }
    }

    /** Looks at all of them; those that are late are closed. */
    void look() {
        long now = ticker.getAsLong();
        arrivals.forEach((connection, arrival) -> {
            if (isLate(connection, arrival, now)) {
                connection.getEndPoint().close();
            }
        });
    }

    private boolean isLate(Connection connection, Arrival arrival, long now) {
        synchronized (arrival) {
            if (arrival.handled || connection.getBytesIn() == arrival.bytesBefore) {
                return false;
            }
            if (!arrival.begun) {
                arrival.begun = true;
                arrival.since = now;
            }
            return now - arrival.since > limit;
        }
    }
}
