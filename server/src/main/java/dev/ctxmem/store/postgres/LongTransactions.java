package dev.ctxmem.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Transactions over the whole store, each on a connection of its own beside the pool: they take minutes and keep
/// nobody waiting. Thread-safe.
final class LongTransactions {
    private static final String SNAPSHOT = "set transaction isolation level repeatable read, read only";

    private static final String CURRENT = "set transaction isolation level read committed";

    private static final String NO_TIMEOUTS = """
            select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),
                set_config('idle_in_transaction_session_timeout', '0', true)
            """;

    private final Database database;
    private final Direct direct;

    LongTransactions(Database database, Direct direct) {
        this.database = database;
        this.direct = direct;
    }

    /// Reads as of one moment.
    <T extends @Nullable Object> T read(Function<Session, T> work) {
        return database.retried(() -> once(SNAPSHOT, work));
    }

    /// `work` is called again when it failed for reasons of the moment: it must keep nothing.
    <T extends @Nullable Object> T run(Function<Session, T> work) {
        return database.retried(() -> once(CURRENT, work));
    }

    private <T extends @Nullable Object> T once(String isolation, Function<Session, T> work) {
        if (database.isClosed()) {
            throw Failures.unavailable("The store is closed.", null);
        }
        try (Connection connection = direct.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            connection.setAutoCommit(false);
            Session session = database.session(connection);
            T result;
            try {
                session.update(isolation);
                session.list(NO_TIMEOUTS, Row::text);
                result = work.apply(session);
            } catch (RuntimeException | Error e) {
                rollback(connection, e);
                throw e;
            }
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
