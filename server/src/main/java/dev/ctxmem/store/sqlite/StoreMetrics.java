package dev.ctxmem.store.sqlite;

/// The store at one moment. `writes ÷ groups` is how many writes share an fsync; `walPages` has 4 KiB each;
/// `indexLag` is in changes.
public record StoreMetrics(
        int writesWaiting,
        int readsWaiting,
        long groups,
        long writes,
        long walPages,
        long indexLag,
        long damagedReads) {}
