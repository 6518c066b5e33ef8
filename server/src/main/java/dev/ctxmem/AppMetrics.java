package dev.ctxmem;

import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.sqlite.SqliteStore;
import java.util.function.LongSupplier;
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
        metrics.gauge(
                "ctx.database.connections.busy",
                "Connections in use.",
                () -> store.metrics().connectionsBusy());
        metrics.gauge(
                "ctx.database.waiting",
                "Callers that wait for a connection.",
                () -> store.metrics().callersWaiting());
        counters(
                metrics,
                () -> store.metrics().commits(),
                () -> store.metrics().writes(),
                () -> store.metrics().damagedReads());
        metrics.gauge(
                "ctx.flat.index.bytes",
                "Memory of the indexes of accounts that are searched in memory.",
                () -> store.metrics().flatBytes());
        metrics.counter(
                "ctx.flat.index.searches",
                "Searches answered from them.",
                () -> store.metrics().flatSearches());
        metrics.gauge(
                "ctx.replica.fit",
                "1 if a standby answers in time.",
                () -> store.metrics().replicaFit() ? 1 : 0);
        metrics.counter(
                "ctx.replica.reads",
                "Reads by the standby.",
                () -> store.metrics().replicaAnswers());
        metrics.counter(
                "ctx.replica.passed",
                "Reads left to the primary because the standby was late or away.",
                () -> store.metrics().replicaPassedOn());
    }

    static void register(Metrics metrics, SqliteStore store) {
        metrics.gauge(
                "ctx.store.writes.waiting",
                "Writes in the queue.",
                () -> store.metrics().writesWaiting());
        metrics.gauge(
                "ctx.store.reads.waiting",
                "Reads in the queue.",
                () -> store.metrics().readsWaiting());
        metrics.gauge(
                "ctx.store.wal.pages",
                "Pages of 4 KiB in the write-ahead log.",
                () -> store.metrics().walPages());
        metrics.gauge(
                "ctx.index.lag",
                "Changes the search index is behind.",
                () -> store.metrics().indexLag());
        counters(
                metrics,
                () -> store.metrics().groups(),
                () -> store.metrics().writes(),
                () -> store.metrics().damagedReads());
    }

    /// What every store counts.
    private static void counters(Metrics metrics, LongSupplier commits, LongSupplier writes, LongSupplier damaged) {
        metrics.counter("ctx.store.groups", "Commits.", commits::getAsLong);
        metrics.counter("ctx.store.writes", "Writes committed.", writes::getAsLong);
        metrics.counter("ctx.store.damaged", "Damaged versions read.", damaged::getAsLong);
    }

    private static void backlog(
            Metrics metrics, MemoryStore store, String state, ToDoubleFunction<MemoryStore.EmbeddingBacklog> figure) {
        metrics.gauge(
                "ctx.embedding." + state,
                "Entries whose vectors are " + state + ".",
                () -> figure.applyAsDouble(store.embeddingBacklog()));
    }
}
