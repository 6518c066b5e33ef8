package dev.ctxmem.store.postgres;

import dev.ctxmem.store.postgres.PostgresSettings.Credentials;
import dev.ctxmem.store.postgres.PostgresSettings.Flat;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A database of its own, usually on the server that `CTX_TEST_DATABASE_URL` names.
public final class TestDatabase implements AutoCloseable {
    private static final String VARIABLE = "CTX_TEST_DATABASE_URL";
    private static final String STANDBY = "CTX_TEST_REPLICA_URL";

    /// Those that the contract uses again and again.
    static final TestDatabase KIT = create();

    static final TestDatabase SECOND_KIT = create();

    private static final int CONNECTIONS = 6;
    /// The contract sends a thousand callers at once, on a machine that may be busy.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Made by the first search, so that every test has them.
    static final Flat FLAT = new Flat(64 << 20, true);

    private final String server;
    private final String name;

    private TestDatabase(String server, String name) {
        this.server = server;
        this.name = name;
    }

    /// An empty one, with the schema that the first store makes.
    public static TestDatabase create() {
        return create(server());
    }

    /// On another server, named by a URL as JDBC has it.
    static TestDatabase create(String server) {
        String name = "ctx_test_" + UUID.randomUUID().toString().replace("-", "");
        execute(server, "create database " + name);
        return new TestDatabase(server, name);
    }

    public PostgresSettings settings() {
        var credentials = new Credentials(url(), null, null);
        return PostgresSettings.of(credentials, credentials, CONNECTIONS, true)
                .withWaitMax(PATIENCE)
                .withFlat(FLAT);
    }

    /// As JDBC has it.
    public String url() {
        return inDatabase(server, name);
    }

    /// As libpq has it; the user must be in the URL of the server.
    public String libpqUrl() {
        return url().replaceFirst("jdbc:postgresql://([^?]*)[?]user=([^&]*)&?", "postgresql://$2@$1?")
                .replaceFirst("[?]$", "");
    }

    /// The same on the hot standby of the server.
    public String standbyUrl() {
        return inDatabase(standbyServer(), name);
    }

    /// Stops the standby from following, or lets it follow again.
    static void follow(boolean follows) {
        execute(standbyServer(), "select pg_wal_replay_" + (follows ? "resume" : "pause") + "()");
    }

    /// Empties every table but the list of migrations.
    public void clear() {
        Migrations.run(new Direct(settings().migrations()));
        List<String> tables = query("""
                select tablename from pg_tables
                where schemaname = 'public' and tablename <> 'flyway_schema_history' order by tablename
                """);
        execute("truncate " + String.join(", ", tables));
    }

    /// The first column of what a query finds.
    public List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (results.next()) {
                values.add(results.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// A transaction that has read from a table: until it is closed nobody changes the table's definition.
    Connection reading(String table) throws SQLException {
        return begun("select 1 from " + table + " limit 1");
    }

    /// A transaction that has a table for itself: until it is closed nobody else uses it.
    Connection locking(String table) throws SQLException {
        return begun("lock table " + table + " in access exclusive mode");
    }

    public void execute(String sql) {
        execute(url(), sql);
    }

    @Override
    public void close() {
        execute(server, "drop database " + name + " with (force)");
    }

    private Connection begun(String sql) throws SQLException {
        Connection connection = DriverManager.getConnection(url());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String inDatabase(String url, String name) {
        return url.replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name);
    }

    private static String server() {
        return named(VARIABLE);
    }

    private static String standbyServer() {
        return named(STANDBY);
    }

    private static String named(String variable) {
        String url = System.getenv(variable);
        return Objects.requireNonNull(
                url, "PostgreSQL is needed: run bin/with-postgres mvn test, or set " + variable + " to a JDBC URL.");
    }
}
