package dev.ctxmem;

import dev.ctxmem.archive.BackupFile;
import dev.ctxmem.config.Config;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.store.sqlite.SqliteRestore;
import java.nio.file.Path;

/// Puts a backup of the embedded store into its data directory, while nobody uses that.
final class EmbeddedRestore {
    private EmbeddedRestore() {}

    static void run(Config config, StoreTask.Restore task, TaskProgress progress) {
        BackupFile backup = BackupFile.open(Path.of(task.file()));
        DataFiles files = DataFiles.prepare(config.store());
        System.setProperty("org.sqlite.tmpdir", files.natives().toString());
        byte[] pepper = new PepperFiles(files, false)
                .toAdopt(backup.path(), backup.pepperCheck(), task.withPepper(), true, progress);
        progress.step("restoring");
        try {
            SqliteRestore.restore(
                    files.path(), incoming -> backup.extract(incoming, progress::at), task.force(), task.dryRun());
        } catch (CannotOpenStoreException e) {
            throw new MemoryException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
        if (pepper != null && !task.dryRun()) {
            files.put(pepper);
        }
        progress.count("bytes", backup.databaseBytes());
        if (task.dryRun()) {
            progress.note("The backup is whole; nothing was changed.");
        }
    }
}
