package dev.ctxmem;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.TaskStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A running task tells here how far it has come. Written by one thread, read by any.
final class TaskProgress {
    /// A listener hears of every so many steps at most, and of each new kind of step.
    private static final int PARTS = 200;

    private final UUID id;
    private final String kind;
    private final @Nullable Consumer<TaskStatus> listener;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private TaskStatus.State state = TaskStatus.State.RUNNING;
    private String step = "";
    private long done;
    private long total;
    private @Nullable ErrorCode code;
    private @Nullable String detail;

    TaskProgress(UUID id, String kind) {
        this(id, kind, null);
    }

    TaskProgress(UUID id, String kind, @Nullable Consumer<TaskStatus> listener) {
        this.id = id;
        this.kind = kind;
        this.listener = listener;
    }

    /// Work of another kind begins.
    void step(String name) {
        synchronized (this) {
            step = name;
            done = 0;
            total = 0;
        }
        tell();
    }

    /// UNAVAILABLE when the server is about to stop.
    void at(long done, long total) {
        boolean notable;
        synchronized (this) {
            notable = total > 0 && done * PARTS / total != this.done * PARTS / total;
            this.done = done;
            this.total = total;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new MemoryException(ErrorCode.UNAVAILABLE, "The server stopped before the task was done.");
        }
        if (notable) {
            tell();
        }
    }

    synchronized void count(String name, long number) {
        counts.put(name, number);
    }

    synchronized void note(String sentence) {
        notes.add(sentence);
    }

    void finished() {
        synchronized (this) {
            state = TaskStatus.State.DONE;
        }
        tell();
    }

    void failed(ErrorCode code, String detail) {
        synchronized (this) {
            state = TaskStatus.State.FAILED;
            this.code = code;
            this.detail = detail;
        }
        tell();
    }

    synchronized TaskStatus status() {
        return new TaskStatus(id, kind, state, step, done, total, counts, notes, code, detail);
    }

    private void tell() {
        if (listener != null) {
            listener.accept(status());
        }
    }
}
