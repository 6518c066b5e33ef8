package dev.ctxmem;

import dev.ctxmem.core.StoreTask;
import java.util.function.BiConsumer;

/// Hands each kind of task to the part that does it.
record StoreWork(Transfers transfers, BiConsumer<StoreTask.Reembed, TaskProgress> reembedding)
        implements TaskRunner.Work {
    @Override
    public void run(StoreTask task, TaskProgress progress) {
        switch (task) {
            case StoreTask.Export export -> transfers.export(export, progress);
            case StoreTask.Import load -> transfers.importFrom(load, progress);
            case StoreTask.Backup backup -> transfers.backup(backup, progress);
            case StoreTask.Restore restore -> transfers.restore(restore, progress);
            case StoreTask.Reembed reembed -> reembedding.accept(reembed, progress);
        }
    }
}
