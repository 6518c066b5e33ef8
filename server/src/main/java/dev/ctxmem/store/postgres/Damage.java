package dev.ctxmem.store.postgres;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;

/// Counts versions that do not match their checksum, and tells the owner of each. Thread-safe.
final class Damage {
    private final ObjLongConsumer<UUID> owner;
    private final AtomicLong count = new AtomicLong();

    Damage(ObjLongConsumer<UUID> owner) {
        this.owner = owner;
    }

    /// Whether it can be shown; reports it if not.
    boolean isIntact(StoredEntry stored) {
        boolean intact = stored.isIntact();
        if (!intact) {
            report(stored.id(), stored.version());
        }
        return intact;
    }

    void report(UUID entryId, long version) {
        count.incrementAndGet();
        owner.accept(entryId, version);
    }

    long count() {
        return count.get();
    }
}
