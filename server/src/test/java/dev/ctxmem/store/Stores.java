package dev.ctxmem.store;

import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.MemoryStore;

/// An open store, seen through both of its ports.
public record Stores(MemoryStore memories, AccountStore accounts) implements AutoCloseable {
    @Override
    public void close() {
        memories.close();
    }
}
