package dev.ctxmem.store;

import dev.ctxmem.store.sqlite.StoreAlarms;
import java.util.UUID;

/// A store that is in order has nothing to tell.
public final class NoAlarms implements StoreAlarms {
    @Override
    public void writesStopped(Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public void damaged(UUID entryId, long version) {
        throw new AssertionError(entryId + " " + version);
    }

    @Override
    public void indexFailed(Throwable cause) {
        throw new AssertionError(cause);
    }
}
