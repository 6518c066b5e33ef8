package dev.ctxmem.store.postgres;

/// The store at one moment. `writes ÷ commits` is how many writes share a commit.
public record PostgresMetrics(int connectionsBusy, int callersWaiting, long commits, long writes, long damagedReads) {}
