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

    int count() {
        return statements.get();
    }

    /** A host's DataSource that counts what is executed; a batch is one round trip. */
    DataSource of(DataSource real) {
        return proxy(
                DataSource.class,
                real,
                (name, result) -> name.equals("getConnection")
                        ? proxy(
                                Connection.class,
                                (Connection) result,
                                (n, r) -> r instanceof PreparedStatement statement
                                        ? proxy(PreparedStatement.class, statement, (executed, value) -> {
                                            if (executed.startsWith("execute")) {
                                                statements.incrementAndGet();
                                            }
                                            return value;
                                        })
                                        : r)
                        : result);
    }

    private interface After {
        Object apply(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T real, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return after.apply(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
