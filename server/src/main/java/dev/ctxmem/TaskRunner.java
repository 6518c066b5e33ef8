package dev.ctxmem;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.memory.StoreTasks;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the operator's tasks on a thread of its own, one after the other, and remembers the last few.
final class TaskRunner implements StoreTasks, AutoCloseable {
    private static final Logger LOG = System.getLogger(TaskRunner.class.getName());
    private static final int REMEMBERED_MAX = 16;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);

    private final Work work;
    private final Supplier<UUID> ids;
    private final Map<UUID, TaskProgress> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, TaskProgress> eldest) {
            return size() > REMEMBERED_MAX;
        }
    });
    private @Nullable Thread thread;
    private @Nullable StoreTask task;
    private @Nullable TaskProgress running;

    TaskRunner(Work work, Supplier<UUID> ids) {
        this.work = work;
        this.ids = ids;
    }

    /// What a task does.
    interface Work {
        /// Tells `progress` of itself; what it throws is the outcome of the task.
        void run(StoreTask task, TaskProgress progress);
    }

    @Override
    public synchronized TaskStatus start(StoreTask wanted) {
        TaskProgress current = running;
        if (current != null && current.status().state() == TaskStatus.State.RUNNING) {
            if (wanted.equals(task)) {
                return current.status();
            }
            throw MemoryException.retryLater(
                    ErrorCode.OVERLOADED, "The task '" + current.status().kind() + "' is still running.", RETRY_AFTER);
        }
        var progress = new TaskProgress(ids.get(), wanted.kind());
        known.put(progress.status().id(), progress);
        task = wanted;
        running = progress;
        thread = Thread.ofPlatform().name("operator-task").daemon().start(() -> run(wanted, progress));
        return progress.status();
    }

    @Override
    public TaskStatus status(UUID id) {
        TaskProgress progress = known.get(id);
        if (progress == null) {
            throw MemoryException.notFound("Task");
        }
        return progress.status();
    }

    /// On the caller's thread, while no server runs.
    TaskStatus runHere(StoreTask wanted, Consumer<TaskStatus> listener) {
        var progress = new TaskProgress(ids.get(), wanted.kind(), listener);
        run(wanted, progress);
        return progress.status();
    }

    /// Asks the running task to stop, and waits for a while.
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            last = thread;
        }
        if (last != null) {
            last.interrupt();
            try {
                last.join(STOP_WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run(StoreTask wanted, TaskProgress progress) {
        try {
            work.run(wanted, progress);
            progress.finished();
        } catch (MemoryException e) {
            progress.failed(e.code(), e.detail());
        } catch (UncheckedIOException e) {
            progress.failed(ErrorCode.INVALID_VALUE, describe(e));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "The task '" + wanted.kind() + "' failed.", e);
            progress.failed(ErrorCode.INTERNAL, "The task failed; the server's log has the cause.");
        }
    }

    private static String describe(UncheckedIOException failure) {
        return switch (failure.getCause()) {
            case FileAlreadyExistsException e -> "There is a file " + e.getFile() + " already; it is not replaced.";
            case NoSuchFileException e -> "There is no file or directory " + e.getFile() + ".";
            case AccessDeniedException e -> "No permission for " + e.getFile() + ".";
            case null, default -> "Reading or writing failed: " + failure.getMessage();
        };
    }
}
