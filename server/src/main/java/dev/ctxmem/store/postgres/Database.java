package dev.ctxmem.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The pool of connections, and how to work with one: alone, or in a transaction. What is only for the moment
/// (a deadlock, a lock held too long, a fail-over) is tried again, then reported in the product's terms.
/// Thread-safe; callers wait for a connection in bounded number and time.
final class Database implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Database.class.getName());

    private static final int ATTEMPTS_MAX = 4;
    /// Less than what poolers and firewalls usually allow.
    private static final Duration LIFETIME = Duration.ofMinutes(25);

    private static final Duration VALIDATION_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    private final HikariDataSource pool;
    private final int callersMax;
    private final Semaphore callers;

    /// First come, first served.
    private final Semaphore turns;

    private final long waitMaxMillis;
    private final Statements statements;
    private volatile boolean closed;

    /// Makes no connection yet. A null `clock` is the database's.
    Database(PostgresSettings settings, Direct direct, @Nullable InstantSource clock) {
        var config = new HikariConfig();
        config.setPoolName("postgres");
        config.setDataSource(direct);
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(settings.waitMax().toMillis());
        config.setValidationTimeout(
                Math.min(VALIDATION_MAX.toMillis(), settings.waitMax().toMillis()));
        config.setMaxLifetime(LIFETIME.toMillis());
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
        callersMax = settings.connections() + settings.waitersMax();
        callers = new Semaphore(callersMax);
        turns = new Semaphore(settings.connections(), true);
        waitMaxMillis = settings.waitMax().toMillis();
        statements = new Statements(clock);
    }

    /// Statements that each commit by themselves.
    <T extends @Nullable Object> T read(Function<Session, T> work) {
        return retried(() -> attempt(connection -> work.apply(new Session(connection, statements))));
    }

    /// A transaction. `work` is called again when it failed for reasons of the moment: it must keep nothing.
    <T extends @Nullable Object> T transaction(Function<Session, T> work) {
        return retried(() -> once(work));
    }

    /// As [#transaction], but a failure is the caller's to look at: [FailedStatement].
    <T extends @Nullable Object> T once(Function<Session, T> work) {
        return attempt(connection -> {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.apply(new Session(connection, statements));
            } catch (RuntimeException | Error e) {
                rollback(connection, e);
                throw e;
            }
            connection.commit();
            return result;
        });
    }

    /// Calls again what failed for reasons of the moment.
    <T extends @Nullable Object> T retried(Attempt<T> attempt) {
        for (int i = 1; ; i++) {
            try {
                return attempt.run();
            } catch (FailedStatement e) {
                if (i == ATTEMPTS_MAX || !Failures.isTransient(e.failure())) {
                    throw Failures.of(e.failure());
                }
            }
        }
    }

    /// For a connection that is not of the pool.
    Session session(Connection connection) {
        return new Session(connection, statements);
    }

    boolean isClosed() {
        return closed;
    }

    int busy() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    int waiting() {
        return turns.getQueueLength();
    }

    /// What is under way is finished. The pool itself would cut it off.
    @Override
    public void close() {
        closed = true;
        try {
            if (!callers.tryAcquire(callersMax, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "The database did not answer in time; what was under way is cut off.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }

    private <T extends @Nullable Object> T attempt(Work<T> work) {
        if (closed) {
            throw Failures.unavailable("The store is closed.", null);
        }
        if (!callers.tryAcquire()) {
            throw Failures.overloaded("Too many callers wait for the database.");
        }
        try {
            return inTurn(work);
        } finally {
            callers.release();
        }
    }

    /// The pool itself would let some wait for long while others, who come again at once, get one connection after
    /// the other.
    private <T extends @Nullable Object> T inTurn(Work<T> work) {
        if (!awaitTurn()) {
            throw Failures.overloaded("All connections to the database are busy.");
        }
        try (Connection connection = connection()) {
            return work.apply(connection);
        } catch (SQLException e) {
            throw new FailedStatement(e);
        } finally {
            turns.release();
        }
    }

    private boolean awaitTurn() {
        try {
            return turns.tryAcquire(waitMaxMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unavailable("The request was interrupted.", e);
        }
    }

    private Connection connection() {
        if (closed) {
            throw Failures.unavailable("The store is closed.", null);
        }
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw closed ? Failures.unavailable("The store is closed.", e) : Failures.noConnection(e);
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /// Throws [FailedStatement].
    interface Attempt<T extends @Nullable Object> {
        T run();
    }

    private interface Work<T extends @Nullable Object> {
        T apply(Connection connection) throws SQLException;
    }
}
