/** Store and queues on a SQL database: PostgreSQL, SQLite, MariaDB. {@link io.novasolve.store.jdbc.JdbcStore} is the door. */
@NullMarked
package io.novasolve.store.jdbc;

import org.jspecify.annotations.NullMarked;
