package dev.ctxmem;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Hands each kind of task to the part that does it; a store has none for what it cannot do yet.
record StoreWork(Optional<Transfers> transfers, Optional<BiConsumer<StoreTask.Reembed, TaskProgress>> reembedding)
        implements TaskRunner.Work {
    /// INVALID_VALUE for a task that is not for this store.
    @Override
    public void run(StoreTask task, TaskProgress progress) {
        switch (task) {
            case StoreTask.Export export -> part(transfers, task).export(export, progress);
            case StoreTask.Import load -> part(transfers, task).importFrom(load, progress);
            case StoreTask.Backup backup -> part(transfers, task).backup(backup, progress);
            case StoreTask.Restore restore -> part(transfers, task).restore(restore, progress);
            case StoreTask.Reembed reembed -> part(reembedding, task).accept(reembed, progress);
        }
    }

    private static <T> T part(Optional<T> part, StoreTask task) {
        return part.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_VALUE,
                "'ctx " + task.kind() + "' is for the embedded store so far, and this one is PostgreSQL: copy it with"
                        + " pg_dump and pg_restore."));
    }
}
