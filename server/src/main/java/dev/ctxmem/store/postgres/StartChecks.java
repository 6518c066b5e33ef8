package dev.ctxmem.store.postgres;

import dev.ctxmem.store.CannotOpenStoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What must be true of a database before anything is acknowledged from it, and what would be wiser.
final class StartChecks {
    private static final Logger LOG = System.getLogger(StartChecks.class.getName());

    private static final String FACTS = """
            select current_setting('server_version_num')::integer, current_setting('server_encoding'),
                current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
                coalesce((select extversion from pg_extension where extname = 'vector'), ''),
                (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),
                current_user, version()
            """;

    private static final int POSTGRES_MIN = 160_000;
    private static final int VECTOR_MIN = 800;
    private static final int VECTOR_WISE = 804;
    private static final Pattern VECTOR_VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    /// The password that the guide's quick start uses.
    private static final String GUIDE_PASSWORD = "context";

    private static final Pattern NEAR_HOST =
            Pattern.compile("jdbc:postgresql:(//(localhost|127\\.[0-9.]+|\\[::1]|db|postgres)?(:\\d+)?/.*|[^/].*)");

    private StartChecks() {}

    /// The database as it is: PostgreSQL's version and settings. Throws [CannotOpenStoreException] with one line for
    /// each problem. Before the schema is made.
    static void beforeMigration(Direct direct, boolean allowUnsafe) {
        Facts facts = facts(direct);
        var problems = new ArrayList<String>();
        if (facts.version < POSTGRES_MIN) {
            problems.add("PostgreSQL 16 or newer is needed; this is " + facts.versionText + ".");
        }
        if (!facts.encoding.equals("UTF8")) {
            problems.add("The database must have the encoding UTF8, not " + facts.encoding
                    + ": make it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
        }
        if (!allowUnsafe) {
            addUnsafe(problems, "fsync", facts.fsync);
            addUnsafe(problems, "full_page_writes", facts.fullPageWrites);
            addUnsafe(problems, "synchronous_commit", facts.synchronousCommit);
        }
        refuse(problems);
    }

    /// The extension, once it is there; and advice.
    static void afterMigration(Direct direct, PostgresSettings.Credentials credentials) {
        Facts facts = facts(direct);
        int vector = number(facts.vectorVersion);
        if (vector < VECTOR_MIN) {
            refuse(List.of("pgvector 0.8.0 or newer is needed; this database has " + facts.vectorVersion
                    + ". Install it, then run: ALTER EXTENSION vector UPDATE;"));
        }
        if (vector < VECTOR_WISE) {
            LOG.log(
                    Level.WARNING,
                    "pgvector " + facts.vectorVersion
                            + " has known bugs in building indexes (CVE-2026-3172); 0.8.4 or newer mends them.");
        }
        if (facts.powerful) {
            LOG.log(
                    Level.WARNING,
                    "The role " + facts.role
                            + " of DATABASE_URL is a superuser or goes past row security: in production"
                            + " let DATABASE_MIGRATION_URL own the tables and DATABASE_URL use them.");
        }
        if (GUIDE_PASSWORD.equals(credentials.password())
                && !NEAR_HOST.matcher(credentials.url()).matches()) {
            LOG.log(Level.WARNING, "The password of the database is the one that the guide prints: change it.");
        }
    }

    private static void addUnsafe(List<String> problems, String setting, String value) {
        if (value.toLowerCase(Locale.ROOT).equals("off")) {
            problems.add(
                    "The database has " + setting + " = off: writes that were acknowledged could be lost. Set it to"
                            + " on, or accept the risk with CTX_ALLOW_UNSAFE_DATABASE=true.");
        }
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new CannotOpenStoreException(String.join("\n", problems), null);
        }
    }

    /// 804 for 0.8.4; 0 for what is none.
    private static int number(String version) {
        Matcher matcher = VECTOR_VERSION.matcher(version);
        return matcher.matches()
                ? (Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2))) * 100
                        + Integer.parseInt(matcher.group(3))
                : 0;
    }

    private static Facts facts(Direct direct) {
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement();
                ResultSet facts = statement.executeQuery(FACTS)) {
            facts.next();
            return new Facts(
                    facts.getInt(1),
                    facts.getString(2),
                    facts.getString(3),
                    facts.getString(4),
                    facts.getString(5),
                    facts.getString(6),
                    facts.getBoolean(7),
                    facts.getString(8),
                    facts.getString(9));
        } catch (SQLException e) {
            throw new CannotOpenStoreException(
                    "The database cannot be reached (" + e.getMessage() + "). Check DATABASE_URL.", e);
        }
    }

    private record Facts(
            int version,
            String encoding,
            String fsync,
            String fullPageWrites,
            String synchronousCommit,
            String vectorVersion,
            boolean powerful,
            String role,
            String versionText) {}
}
