package dev.ctxmem;

import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.store.sqlite.StoreMetrics;
import java.util.function.ToDoubleFunction;

/// The figures of the parts below HTTP; each is read when somebody looks.
final class AppMetrics {
    private AppMetrics() {}

    static void register(Metrics metrics, SqliteStore store, EmbeddingsInUse embedding) {
        store(metrics, store, "ctx.store.writes.waiting", "Writes in the queue.", StoreMetrics::writesWaiting);
        store(metrics, store, "ctx.store.reads.waiting", "Reads in the queue.", StoreMetrics::readsWaiting);
        count(metrics, store, "ctx.store.groups", "Commits.", StoreMetrics::groups);
        count(metrics, store, "ctx.store.writes", "Writes committed.", StoreMetrics::writes);
        store(metrics, store, "ctx.store.wal.pages", "Pages of 4 KiB in the write-ahead log.", StoreMetrics::walPages);
        store(metrics, store, "ctx.index.lag", "Changes the search index is behind.", StoreMetrics::indexLag);
        count(metrics, store, "ctx.store.damaged", "Damaged versions read.", StoreMetrics::damagedReads);
        backlog(metrics, store, "pending", MemoryStore.EmbeddingBacklog::pending);
        backlog(metrics, store, "failed", MemoryStore.EmbeddingBacklog::failed);
        EmbeddingParts.register(metrics, embedding::parts);
    }

    private static void store(
            Metrics metrics, SqliteStore store, String name, String meaning, ToDoubleFunction<StoreMetrics> figure) {
        metrics.gauge(name, meaning, () -> figure.applyAsDouble(store.metrics()));
    }

    private static void count(
            Metrics metrics, SqliteStore store, String name, String meaning, ToDoubleFunction<StoreMetrics> figure) {
        metrics.counter(name, meaning, () -> figure.applyAsDouble(store.metrics()));
    }

    private static void backlog(
            Metrics metrics, SqliteStore store, String state, ToDoubleFunction<MemoryStore.EmbeddingBacklog> figure) {
        metrics.gauge(
                "ctx.embedding." + state,
                "Entries whose vectors are " + state + ".",
                () -> figure.applyAsDouble(store.embeddingBacklog()));
    }
}
