package io.novasolve.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Counts the statements that go through DataSources. */
final class CountedStatements {

    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicInteger prepared = new AtomicInteger();

    int count() {
        return statements.get();
    }

    int prepared() {
        return prepared.get();
    }

    /** A host's DataSource that counts what is executed; a batch is one round trip. */
    DataSource of(DataSource real) {
        return proxy(
                DataSource.class,
                real,
                (name, result) -> name.equals("getConnection") ? of((Connection) result) : result);
    }

    Connection of(Connection real) {
        return proxy(Connection.class, real, (name, result) -> {
            if (result instanceof PreparedStatement statement) {
                prepared.incrementAndGet();
                return of(statement);
            }
            return result;
        });
    }

    private PreparedStatement of(PreparedStatement real) {
        return proxy(PreparedStatement.class, real, (name, result) -> {
            if (name.startsWith("execute")) {
                statements.incrementAndGet();
            }
            return result;
        });
    }

    private interface After {
        Object apply(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T real, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("unwrap") && arguments[0] == type) {
                        // What lies below is counted too, but for what only the driver knows.
                        return self;
                    }
                    try {
                        return after.apply(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
