package dev.ctxmem.store.sqlite;

import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.store.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Brings the tables to the version of this program. `pragma user_version` counts the migrations that a file
/// has had; each one and its count are one transaction. A released migration is never changed again.
final class Schema {
    /// Migration i leads to version i + 1.
    static final List<String> MIGRATIONS =
            List.of("V1__first_release.sql", "V2__billing.sql", "V3__generations_of_vectors.sql");

    /// "ctxm": tells our files from other programs' (`pragma application_id`).
    static final long APPLICATION_ID = 0x6374786D;

    private final Path file;

    Schema(Path file) {
        this.file = file;
    }

    /// Throws [CannotOpenStoreException] for a file of a newer version, or of another program.
    void migrate(Session session) {
        long version = session.number("pragma user_version");
        if (version > MIGRATIONS.size()) {
            throw new CannotOpenStoreException(
                    "The database " + file + " has schema version " + version + ", this program knows up to "
                            + MIGRATIONS.size() + ". Start the newer program that wrote it.",
                    null);
        }
        boolean isEmpty = session.number("select count(*) from sqlite_schema") == 0;
        if (!isEmpty && session.number("pragma application_id") != APPLICATION_ID) {
            throw new CannotOpenStoreException("The database " + file + " belongs to another program.", null);
        }
        for (int next = (int) version; next < MIGRATIONS.size(); next++) {
            apply(session, next);
        }
    }

    /// The text of a migration.
    static String script(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void apply(Session session, int migration) {
        session.update("begin immediate");
        try {
            session.script(script(MIGRATIONS.get(migration)));
            session.script("pragma application_id = " + APPLICATION_ID);
            session.script("pragma user_version = " + (migration + 1));
            Faults.hit("migration-step");
            session.update("commit");
        } catch (RuntimeException e) {
            session.rollback(e);
            throw e;
        }
    }
}
