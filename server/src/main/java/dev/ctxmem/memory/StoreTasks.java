package dev.ctxmem.memory;

import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import java.util.UUID;

/// The operator's work on the whole store, one task at a time, beside everything else. Thread-safe.
public interface StoreTasks {
    /// Begins a task, or returns the running one if it is the same. OVERLOADED while another one runs.
    TaskStatus start(StoreTask task);

    /// NOT_FOUND for one that this process has not run or has forgotten.
    TaskStatus status(UUID id);
}
