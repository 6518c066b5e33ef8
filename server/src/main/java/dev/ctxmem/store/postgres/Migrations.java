package dev.ctxmem.store.postgres;

import dev.ctxmem.store.CannotOpenStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/// Brings the schema to what this program expects. Several instances may start at once: one migrates, the others
/// wait (a lock within a transaction, which holds through a pooler too).
final class Migrations {
    /// The newest migration.
    static final int VERSION = 4;

    private static final String HISTORY = "select to_regclass('flyway_schema_history') is not null";

    private static final String APPLIED = """
            select coalesce(max(version::integer), 0)
            from flyway_schema_history
            where success
            """;

    private static final String GRANT_TABLES =
            "grant select, insert, update, delete on all tables in schema public to ";
    private static final String GRANT_SEQUENCES = "grant usage on all sequences in schema public to ";

    /// Until the end of the transaction, so that it works through a pooler too; the number is "ctxm".
    private static final String LOCK = "select pg_try_advisory_xact_lock(1668577389)";

    private static final Duration LOCK_PAUSE = Duration.ofMillis(200);

    private Migrations() {}

    static FluentConfiguration flyway(Direct direct) {
        return Flyway.configure()
                .dataSource(direct)
                .locations("classpath:dev/ctxmem/store/postgres")
                .baselineOnMigrate(true)
                .baselineVersion("0");
    }

    /// [CannotOpenStoreException] for a schema that is newer than this program, or that the role may not change.
    static void run(Direct direct) {
        int applied = applied(direct);
        if (applied > VERSION) {
            throw new CannotOpenStoreException(
                    "The database has schema version " + applied + ", this program knows up to " + VERSION
                            + ". Start the newer program, or restore a backup of the older schema.",
                    null);
        }
        if (applied == VERSION) {
            return;
        }
        try {
            while (!migrated(direct)) {
                pause();
            }
        } catch (SQLException e) {
            throw new CannotOpenStoreException(
                    "The database cannot be reached or locked (" + e.getMessage() + "). Check DATABASE_URL.", e);
        } catch (FlywayException e) {
            throw new CannotOpenStoreException(
                    "The schema of the database cannot be brought to version " + VERSION
                            + ". The role must be allowed to create tables, or DATABASE_MIGRATION_URL must name one"
                            + " that is; and a superuser must once run: CREATE EXTENSION IF NOT EXISTS vector;"
                            + " (" + cause(e) + ")",
                    e);
        }
    }

    /// Lets the role of `user` use the tables of `owner`, if it is another.
    static void grantTo(Direct user, Direct owner) {
        String role = role(user);
        if (role.equals(role(owner))) {
            return;
        }
        String quoted = '"' + role.replace("\"", "\"\"") + '"';
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(GRANT_TABLES + quoted);
            statement.execute(GRANT_SEQUENCES + quoted);
        } catch (SQLException e) {
            throw new CannotOpenStoreException(
                    "The role of DATABASE_MIGRATION_URL cannot give the role " + role + " access to its tables.", e);
        }
    }

    private static String role(Direct direct) {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement();
                ResultSet role = statement.executeQuery("select current_user")) {
            role.next();
            return role.getString(1);
        } catch (SQLException e) {
            throw new CannotOpenStoreException(
                    "The database cannot be reached (" + e.getMessage() + "). Check DATABASE_URL.", e);
        }
    }

    /// False while another instance migrates. Flyway's own lock comes too late for its table of the history, so
    /// that one instance does it after the other. Who waits holds no connection: a pooler may have few.
    private static boolean migrated(Direct direct) throws SQLException {
        try (Connection alone = direct.getConnection();
                Statement statement = alone.createStatement()) {
            alone.setAutoCommit(false);
            try (ResultSet lock = statement.executeQuery(LOCK)) {
                lock.next();
                if (!lock.getBoolean(1)) {
                    return false;
                }
            }
            if (applied(direct) < VERSION) {
                flyway(direct).load().migrate();
            }
            alone.rollback();
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOCK_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotOpenStoreException("The start was interrupted.", e);
        }
    }

    private static int applied(Direct direct) {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet history = statement.executeQuery(HISTORY)) {
                if (!history.next() || !history.getBoolean(1)) {
                    return 0;
                }
            }
            try (ResultSet applied = statement.executeQuery(APPLIED)) {
                return applied.next() ? applied.getInt(1) : 0;
            }
        } catch (SQLException e) {
            throw new CannotOpenStoreException(
                    "The database cannot be reached or read (" + e.getMessage() + "). Check DATABASE_URL.", e);
        }
    }

    private static String cause(FlywayException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).strip();
    }
}
