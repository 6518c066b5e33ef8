package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// SQLite's result codes in the product's terms; messages are never looked at.
final class Failures {
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final int PRIMARY_CODE = 0xFF;

    private Failures() {}

    static MemoryException of(SQLException e) {
        return switch (primary(e)) {
            case SQLITE_FULL -> full(e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new MemoryException(ErrorCode.INTEGRITY_ERROR, "The stored data is damaged here.", e);
            case SQLITE_IOERR ->
                extended(e) == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE
                        ? full(e)
                        : unavailable("The data directory cannot be read or written.", e);
            case SQLITE_READONLY, SQLITE_CANTOPEN -> unavailable("The data directory cannot be read or written.", e);
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_NOMEM -> unavailable("The store is busy.", e);
            default -> new MemoryException(ErrorCode.INTERNAL, "The store refused a statement.", e);
        };
    }

    /// Whether the file can no longer be trusted to take writes: SQLite itself would carry on, even after a
    /// failed fsync, whose data the kernel may have dropped.
    static boolean isFatal(Throwable failure) {
        return !(failure instanceof Exception)
                || (failure.getCause() instanceof SQLException e
                        && switch (primary(e)) {
                            case SQLITE_IOERR -> extended(e) != SQLiteErrorCode.SQLITE_IOERR_SHMSIZE;
                            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_CANTOPEN -> true;
                            default -> false;
                        });
    }

    /// Whether a row was refused for another one that is there.
    static boolean isConstraint(MemoryException failure) {
        return failure.getCause() instanceof SQLException e && primary(e) == SQLiteErrorCode.SQLITE_CONSTRAINT;
    }

    static MemoryException overloaded(String detail) {
        return MemoryException.retryLater(ErrorCode.OVERLOADED, detail, RETRY_AFTER);
    }

    static MemoryException unavailable(String detail, @Nullable Throwable cause) {
        return new MemoryException(ErrorCode.UNAVAILABLE, detail, java.util.List.of(), null, RETRY_AFTER, cause);
    }

    private static MemoryException full(SQLException e) {
        return new MemoryException(ErrorCode.STORAGE_FULL, "There is no space left in the data directory.", e);
    }

    private static SQLiteErrorCode primary(SQLException e) {
        return SQLiteErrorCode.getErrorCode(e.getErrorCode() & PRIMARY_CODE);
    }

    private static @Nullable SQLiteErrorCode extended(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode() : null;
    }
}
