package dev.ctxmem.store.sqlite;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Alarms, kept for tests to look at.
final class RecordingAlarms implements StoreAlarms {
    private final List<Throwable> stops = new CopyOnWriteArrayList<>();
    private final List<UUID> damaged = new CopyOnWriteArrayList<>();
    private final List<Throwable> indexFailures = new CopyOnWriteArrayList<>();

    @Override
    public void writesStopped(Throwable cause) {
        stops.add(cause);
    }

    @Override
    public void damaged(UUID entryId, long version) {
        damaged.add(entryId);
    }

    @Override
    public void indexFailed(Throwable cause) {
        indexFailures.add(cause);
    }

    List<Throwable> stops() {
        return stops;
    }

    List<UUID> damaged() {
        return damaged;
    }

    List<Throwable> indexFailures() {
        return indexFailures;
    }
}
