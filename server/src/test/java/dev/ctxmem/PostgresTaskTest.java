package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.store.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator's tasks where the store is PostgreSQL.
class PostgresTaskTest {
    @TempDir
    Path home;

    @Test
    void whatIsForTheEmbeddedStoreSoFar_saysSo_andTouchesNothing() throws IOException {
        Path backup = Files.writeString(home.resolve("backup"), "SQLite format 3");
        String file = home.resolve("file").toString();
        List<StoreTask> tasks = List.of(
                new StoreTask.Export(file, false),
                new StoreTask.Import(file, false, false),
                new StoreTask.Backup(file, false),
                new StoreTask.Restore(backup.toString(), false, true, false),
                new StoreTask.Reembed(null, null, null));
        try (TestDatabase database = TestDatabase.create()) {
            var installation = new Installation(home)
                    .with("DATABASE_URL", database.url())
                    .with("CTX_ALLOW_UNSAFE_DATABASE", "true");
            for (StoreTask task : tasks) {
                refused(task, installation.failure(task));
            }
            try (App app = installation.serve()) {
                for (StoreTask task : tasks) {
                    refused(task, assertThrows(MemoryException.class, () -> Installation.run(app, task)));
                }
            }
        }
        assertFalse(Files.exists(Path.of(file)));
        assertFalse(Files.exists(home.resolve("data").resolve("ctx.db")));
    }

    private static void refused(StoreTask task, MemoryException failure) {
        assertEquals(ErrorCode.INVALID_VALUE, failure.code());
        assertTrue(failure.detail().startsWith("'ctx " + task.kind() + "' is for the embedded store so far"));
    }
}
