package dev.ctxmem.store.sqlite;

import java.util.UUID;

/// What the store tells its owner beside its answers. Called on the store's threads: implementations return at
/// once and never call back.
public interface StoreAlarms {
    /// An I/O error or a damaged page: nothing is written any more, and the process should end. Starting again
    /// recovers what was acknowledged.
    void writesStopped(Throwable cause);

    /// A stored version does not match its checksum. Reading it by key or history throws or leaves it out;
    /// lists and searches leave it out.
    void damaged(UUID entryId, long version);

    /// The search index failed and is being rebuilt from the records.
    void indexFailed(Throwable cause);
}
