package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Puts another database in the place of a store that nobody has open. The directory is locked meanwhile, and up to
/// the one rename at the end everything is as it was.
public final class SqliteRestore {
    private static final String INCOMING = "ctx.db.incoming";

    private SqliteRestore() {}

    /// `extract` writes the new database to the path it is given. ALREADY_EXISTS when the store holds accounts and
    /// not `force`; INVALID_VALUE when the new database is damaged, foreign, or of a newer program. With `dryRun`
    /// nothing is changed. Throws [dev.ctxmem.store.CannotOpenStoreException] when a server uses the directory.
    public static void restore(Path directory, Consumer<Path> extract, boolean force, boolean dryRun) {
        try (LockedDirectory locked = LockedDirectory.lock(directory)) {
            Path incoming = directory.resolve(INCOMING);
            try {
                if (!force) {
                    requireEmpty(locked.database());
                }
                extract.accept(incoming);
                verify(incoming);
                if (!dryRun) {
                    replace(directory, locked.database(), incoming);
                }
            } finally {
                deleteWithLog(incoming);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The log of the old database must not be taken for one of the new. Without `force` it is empty by now.
    private static void replace(Path directory, Path database, Path incoming) throws IOException {
        Files.deleteIfExists(directory.resolve("ctx.db-wal"));
        Files.deleteIfExists(directory.resolve("ctx.db-shm"));
        deleteIndex(directory.resolve("index"));
        Files.move(incoming, database, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /// An index knows the rows of its own records only; the next start builds a new one.
    private static void deleteIndex(Path index) throws IOException {
        if (Files.isDirectory(index)) {
            try (Stream<Path> files = Files.list(index)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void requireEmpty(Path database) throws IOException {
        if (Files.size(database) == 0) {
            return;
        }
        boolean empty;
        try (Session session = new Database(database, SqliteSettings.DEFAULT).openWriter()) {
            empty = AccountRows.isEmpty(session);
            session.list("pragma wal_checkpoint(truncate)", Row::number);
        }
        if (!empty) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS, "The store holds accounts. Give --force to put the backup in its place.");
        }
    }

    private static void verify(Path database) {
        try (Session session = new Database(database, SqliteSettings.DEFAULT).openReader()) {
            if (session.number("pragma application_id") != Schema.APPLICATION_ID) {
                throw refused("is not the database of Context Memory");
            }
            long version = session.number("pragma user_version");
            if (version > Schema.MIGRATIONS.size()) {
                throw refused("was made by a newer program; restore it with that one");
            }
            if (!session.list("pragma integrity_check", Row::text).equals(List.of("ok"))
                    || !session.list("pragma foreign_key_check", Row::text).isEmpty()) {
                throw refused("holds a damaged database");
            }
        } catch (MemoryException e) {
            throw e.code() == ErrorCode.INVALID_VALUE ? e : refused("holds a damaged database");
        }
    }

    private static void deleteWithLog(Path incoming) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(incoming.resolveSibling(INCOMING + suffix));
        }
    }

    private static MemoryException refused(String what) {
        return new MemoryException(ErrorCode.INVALID_VALUE, "The backup " + what + ".");
    }
}
