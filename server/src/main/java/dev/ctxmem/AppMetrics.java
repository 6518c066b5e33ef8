package dev.ctxmem;

import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.store.postgres.PostgresMetrics;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.store.sqlite.StoreMetrics;
import java.util.function.ToDoubleFunction;

/// The figures of the parts below HTTP; each is read when somebody looks.
final class AppMetrics {
    private AppMetrics() {}

    static void register(Metrics metrics, MemoryStore store, EmbeddingsInUse embedding) {
        backlog(metrics, store, "pending", MemoryStore.EmbeddingBacklog::pending);
        backlog(metrics, store, "failed", MemoryStore.EmbeddingBacklog::failed);
        EmbeddingParts.register(metrics, embedding::parts);
    }

    static void register(Metrics metrics, PostgresStore store) {
        store(metrics, store, "ctx.database.connections.busy", "Connections in use.", PostgresMetrics::connectionsBusy);
        store(metrics, store, "ctx.database.waiting", "Callers that wait for one.", PostgresMetrics::callersWaiting);
        store(metrics, store, "ctx.store.groups", "Commits so far.", PostgresMetrics::commits);
        store(metrics, store, "ctx.store.writes", "Writes committed so far.", PostgresMetrics::writes);
        store(metrics, store, "ctx.store.damaged", "Damaged versions read so far.", PostgresMetrics::damagedReads);
        store(metrics, store, "ctx.replica.fit", "1 if a standby answers in time.", it -> it.replicaFit() ? 1 : 0);
        store(metrics, store, "ctx.replica.reads", "Reads by the standby so far.", PostgresMetrics::replicaAnswers);
        store(
                metrics,
                store,
                "ctx.replica.passed",
                "Reads left to the primary because the standby was late or away.",
                PostgresMetrics::replicaPassedOn);
    }

    private static void store(
            Metrics metrics,
            PostgresStore store,
            String name,
            String meaning,
            ToDoubleFunction<PostgresMetrics> figure) {
        metrics.gauge(name, meaning, () -> figure.applyAsDouble(store.metrics()));
    }

    static void register(Metrics metrics, SqliteStore store) {
        store(metrics, store, "ctx.store.writes.waiting", "Writes in the queue.", StoreMetrics::writesWaiting);
        store(metrics, store, "ctx.store.reads.waiting", "Reads in the queue.", StoreMetrics::readsWaiting);
        store(metrics, store, "ctx.store.groups", "Commits so far.", StoreMetrics::groups);
        store(metrics, store, "ctx.store.writes", "Writes committed so far.", StoreMetrics::writes);
        store(metrics, store, "ctx.store.wal.pages", "Pages of 4 KiB in the write-ahead log.", StoreMetrics::walPages);
        store(metrics, store, "ctx.index.lag", "Changes the search index is behind.", StoreMetrics::indexLag);
        store(metrics, store, "ctx.store.damaged", "Damaged versions read so far.", StoreMetrics::damagedReads);
    }

    private static void store(
            Metrics metrics, SqliteStore store, String name, String meaning, ToDoubleFunction<StoreMetrics> figure) {
        metrics.gauge(name, meaning, () -> figure.applyAsDouble(store.metrics()));
    }

    private static void backlog(
            Metrics metrics, MemoryStore store, String state, ToDoubleFunction<MemoryStore.EmbeddingBacklog> figure) {
        metrics.gauge(
                "ctx.embedding." + state,
                "Entries whose vectors are " + state + ".",
                () -> figure.applyAsDouble(store.embeddingBacklog()));
    }
}
