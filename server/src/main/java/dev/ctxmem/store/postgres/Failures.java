package dev.ctxmem.store.postgres;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's SQLSTATEs in the product's terms; messages are never looked at.
final class Failures {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final String DISK_FULL = "53100";
    private static final String QUERY_CANCELED = "57014";
    private static final String READ_ONLY = "25006";

    /// Of another dimension than the column, or no vector at all.
    static final String DATA_EXCEPTION = "22000";
    static final String UNIQUE_VIOLATION = "23505";
    static final String FOREIGN_KEY_VIOLATION = "23503";

    /// Serialization failure, deadlock, lock not available; and what DDL does to statements prepared before it.
    private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "55P03", "0A000", "26000", DATA_EXCEPTION);

    private Failures() {}

    static boolean isTransient(SQLException e) {
        return TRANSIENT.contains(state(e));
    }

    static MemoryException of(SQLException e) {
        String state = state(e);
        if (state.equals(DISK_FULL)) {
            return new MemoryException(ErrorCode.STORAGE_FULL, "There is no space left in the database.", e);
        }
        if (state.equals(QUERY_CANCELED)) {
            return unavailable("The database took too long.", e);
        }
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "40", "55" -> unavailable("The store is busy.", e);
            case "08", "53", "57", "58", "28", "3D" -> unavailable("The database cannot be reached.", e);
            case "XX" -> new MemoryException(ErrorCode.INTEGRITY_ERROR, "The stored data is damaged here.", e);
            case "22", "54" -> new MemoryException(ErrorCode.INVALID_VALUE, "The store cannot keep this value.", e);
            default ->
                state.equals(READ_ONLY) || state.isEmpty()
                        ? unavailable("The database cannot be reached.", e)
                        : new MemoryException(ErrorCode.INTERNAL, "The store refused a statement.", e);
        };
    }

    /// There was no connection to be had.
    static MemoryException noConnection(SQLException e) {
        return e instanceof SQLTransientConnectionException && e.getCause() == null
                ? overloaded("All connections to the database are busy.")
                : unavailable("The database cannot be reached.", e);
    }

    static MemoryException overloaded(String detail) {
        return MemoryException.retryLater(ErrorCode.OVERLOADED, detail, RETRY_AFTER);
    }

    static MemoryException unavailable(String detail, @Nullable Throwable cause) {
        return new MemoryException(ErrorCode.UNAVAILABLE, detail, List.of(), null, RETRY_AFTER, cause);
    }

    static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }
}
