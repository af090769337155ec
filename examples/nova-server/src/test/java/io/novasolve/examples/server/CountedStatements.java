package io.novasolve.examples.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.logging.Logger;

/** The driver of SQLite, which counts the statements of requests while this is open: not those of threads in the background. */
final class CountedStatements implements Driver, AutoCloseable {

    private final AtomicInteger count = new AtomicInteger();
    private final Driver sqlite;

    CountedStatements() throws SQLException {
        sqlite = DriverManager.getDriver("jdbc:sqlite:");
        DriverManager.deregisterDriver(sqlite);
        DriverManager.registerDriver(this);
    }

    /** How many statements something takes, the fewest of three times: an earlier request may still be about its last one. */
    int of(Runnable requests) {
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            int before = count.get();
            requests.run();
            fewest = Math.min(fewest, count.get() - before);
        }
        return fewest;
    }

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        Connection connection = sqlite.connect(url, properties);
        if (connection == null) {
            return null;
        }
        return proxy(
                Connection.class,
                connection,
                (method, result) -> method.equals("prepareStatement")
                        ? proxy(PreparedStatement.class, (PreparedStatement) result, this::executed)
                        : result);
    }

    /** Connections keep some prepared: what counts is that they are executed. */
    private Object executed(String method, Object result) {
        if (method.startsWith("execute") && Thread.currentThread().getName().startsWith("JettyServerThreadPool")) {
            count.incrementAndGet();
        }
        return result;
    }

    /** @param answer makes the answer of a method, known by its name, from the one of the real thing */
    private static <T> T proxy(Class<T> type, T real, BiFunction<String, Object, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                CountedStatements.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return answer.apply(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return sqlite.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) throws SQLException {
        return sqlite.getPropertyInfo(url, properties);
    }

    @Override
    public int getMajorVersion() {
        return sqlite.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return sqlite.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return sqlite.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
        DriverManager.registerDriver(sqlite);
    }
}
