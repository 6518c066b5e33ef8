package dev.ctxmem.store.postgres;

import java.io.Serial;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/// Makes connections, one after the other, for the pool and for changes of the schema.
///
/// Statements are prepared on the server where the connection leads to PostgreSQL itself: the process number that
/// came with the connection is then that of the server's process. A pooler in between gives numbers of its own, and
/// gets statements that stand for themselves: in transaction mode each transaction may meet another server, which has
/// not heard of ours.
final class Direct extends PGSimpleDataSource {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int PREPARE_THRESHOLD = 3;
    private static final String THRESHOLD = "prepareThreshold";

    /// How the driver is to behave, unless the URL says otherwise. Its own default is to wait for an answer for ever.
    private static final Map<String, String> PROPERTIES = Map.of(
            "ApplicationName",
            "context-memory",
            "connectTimeout",
            "5",
            "socketTimeout",
            "30",
            "tcpKeepAlive",
            "true",
            THRESHOLD,
            "0");

    private final boolean mayPrepare;

    Direct(PostgresSettings.Credentials credentials) {
        this(credentials, Map.of());
    }

    /// To a standby, which somebody else answers for when it hangs.
    static Direct toStandby(PostgresSettings.Credentials credentials, Duration answerMax) {
        String seconds = String.valueOf(answerMax.toSeconds());
        return new Direct(credentials, Map.of("connectTimeout", seconds, "socketTimeout", seconds));
    }

    private Direct(PostgresSettings.Credentials credentials, Map<String, String> more) {
        String url = credentials.url();
        setUrl(url);
        mayPrepare = !url.contains(THRESHOLD + "=");
        try {
            for (Map.Entry<String, String> property : PROPERTIES.entrySet()) {
                String name = property.getKey();
                if (!url.contains(name + "=")) {
                    setProperty(name, more.getOrDefault(name, property.getValue()));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (credentials.user() != null) {
            setUser(credentials.user());
        }
        if (credentials.password() != null) {
            setPassword(credentials.password());
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            PGConnection postgres = connection.unwrap(PGConnection.class);
            if (mayPrepare && serverProcess(connection) == postgres.getBackendPID()) {
                postgres.setPrepareThreshold(PREPARE_THRESHOLD);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static int serverProcess(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_backend_pid()");
                ResultSet results = statement.executeQuery()) {
            results.next();
            return results.getInt(1);
        }
    }
}
