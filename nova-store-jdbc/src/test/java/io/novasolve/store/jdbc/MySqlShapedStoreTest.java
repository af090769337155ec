package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Store;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StoreContract;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLSyntaxErrorException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * What is different for MySQL, on a MariaDB server whose connections call themselves MySQL and refuse {@code returning}
 * as MySQL does. No MySQL server takes part.
 */
@RequiresProgram("mariadbd")
@Tag("once")
class MySqlShapedStoreTest extends StoreContract {

    private static MariaDb database;

    @BeforeAll
    static void start() throws Exception {
        database = new MariaDb();
        database.builder().build().close();
    }

    private static DataSource likeMySql() throws Exception {
        return wrapped(DataSource.class, new MariaDbDataSource(database.url()));
    }

    private static <T> T wrapped(Class<T> type, T real) {
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getName().startsWith("prepare")
                    && arguments != null
                    && arguments[0] instanceof String sql
                    && sql.contains("returning")) {
                throw new SQLSyntaxErrorException(
                        "You have an error in your SQL syntax near 'returning'", "42000", 1064);
            }
            Object result;
            try {
                result = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (result instanceof Connection connection && method.getName().equals("getConnection")) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                return wrapped(Connection.class, connection);
            } else if (result instanceof DatabaseMetaData metaData) {
                return wrapped(DatabaseMetaData.class, metaData);
            }
            return method.getName().equals("getDatabaseProductName") ? "MySQL" : result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    protected Store open() throws Exception {
        database.empty();
        return JdbcStore.on(likeMySql()).migrate(false).build();
    }

    @Override
    protected Optional<Store> openAgain() throws Exception {
        return Optional.of(JdbcStore.on(likeMySql()).migrate(false).build());
    }

    @Override
    protected void letPass(Duration time) throws Exception {
        TimePasses.of(time);
    }

    @Override
    protected Duration lease() {
        return Duration.ofMillis(1200);
    }
}
