package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.store.CannotOpenStoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// The database file: opens sessions on it, set up for writing or for reading.
final class Database {
    /// Before it, a checkpoint could lose commits of other connections (fixed in SQLite 3.51.3).
    private static final String LIBRARY_VERSION_MIN = "3.51.3";

    private static final int WRITER_BUSY_MILLIS = 1_000;

    private static final String WRITING = """
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma wal_autocheckpoint = 0;
            pragma journal_size_limit = 67108864;
            pragma foreign_keys = on;
            pragma secure_delete = on;
            """;

    private static final String BOTH = """
            pragma temp_store = memory;
            pragma trusted_schema = off;
            pragma cell_size_check = on;
            """;

    private final Path file;
    private final SqliteSettings settings;

    Database(Path file, SqliteSettings settings) {
        this.file = file;
        this.settings = settings;
    }

    /// Opens for writing and brings the schema up to date. Throws [CannotOpenStoreException].
    Session openWriter() {
        try {
            Session session = open(WRITER_BUSY_MILLIS, settings.writerCacheKib());
            try {
                requireLibrary(session);
                session.script(WRITING);
                new Schema(file).migrate(session);
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
            return session;
        } catch (MemoryException e) {
            throw new CannotOpenStoreException(
                    "The database " + file + " cannot be opened: " + e.detail() + " " + remedy(e.code()), e);
        }
    }

    /// Opens for reading; readers wait for nobody.
    Session openReader() {
        Session session = open(0, settings.readerCacheKib());
        session.script("pragma query_only = on");
        return session;
    }

    /// Opens for copying into another file.
    Session openCopier() {
        return open(WRITER_BUSY_MILLIS, settings.readerCacheKib());
    }

    private Session open(int busyMillis, int cacheKib) {
        var config = new SQLiteConfig();
        config.setBusyTimeout(busyMillis);
        config.setCacheSize(-cacheKib);
        config.setGetGeneratedKeys(false);
        // A session belongs to one thread at a time, so that SQLite need not lock it again.
        config.resetOpenMode(SQLiteOpenMode.FULLMUTEX);
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        try {
            var session = new Session(config.createConnection("jdbc:sqlite:" + file));
            session.script(BOTH);
            return session;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private static String remedy(ErrorCode code) {
        return switch (code) {
            case STORAGE_FULL -> "Make room there, then start again.";
            case INTEGRITY_ERROR -> "Restore it from a backup.";
            default -> "Look at the disk, and at who may use the directory; then start again.";
        };
    }

    private static void requireLibrary(Session session) {
        String version = session.first("select sqlite_version()", Row::text);
        if (version == null || Arrays.compare(parts(version), parts(LIBRARY_VERSION_MIN)) < 0) {
            throw new CannotOpenStoreException(
                    "The SQLite library is " + version + "; at least " + LIBRARY_VERSION_MIN + " is needed.", null);
        }
    }

    private static int[] parts(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
