package dev.ctxmem.store.sqlite;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Counts rows whose checksum does not match, and tells the owner of each. Thread-safe.
final class DamageReports {
    private final StoreAlarms alarms;
    private final AtomicLong count = new AtomicLong();

    DamageReports(StoreAlarms alarms) {
        this.alarms = alarms;
    }

    /// Whether the entry can be shown; reports it if not.
    boolean isIntact(StoredEntry stored) {
        if (!stored.intact()) {
            report(stored.head().id(), stored.head().version());
        }
        return stored.intact();
    }

    void report(UUID entryId, long version) {
        count.incrementAndGet();
        alarms.damaged(entryId, version);
    }

    long count() {
        return count.get();
    }
}
