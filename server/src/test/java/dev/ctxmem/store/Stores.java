package dev.ctxmem.store;

import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.MemoryStore;

/// An open store, seen through all of its ports.
public record Stores(
        MemoryStore memories, AccountStore accounts, BillingStore billing, Archive archive, Generations generations)
        implements AutoCloseable {
    @Override
    public void close() {
        memories.close();
    }
}
