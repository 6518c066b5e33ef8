package dev.ctxmem.trace;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Freshness;
import dev.ctxmem.memory.MemoryReads;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Page;
import dev.ctxmem.memory.PendingEmbedding;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.Vectorization;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What requests ask of a store, a span each. Closes nothing: the store is another's.
final class TracedStore implements MemoryStore {
    private final MemoryStore store;
    private final Stages stages;
    private final MemoryReads reads;

    TracedStore(MemoryStore store, Stages stages) {
        this.store = store;
        this.stages = stages;
        this.reads = new TracedReads(store, stages);
    }

    @Override
    public List<Namespace> namespaces(UUID account) {
        return stages.traced("store namespaces", () -> store.namespaces(account));
    }

    @Override
    public Optional<Namespace> namespace(UUID account, String slug) {
        return stages.traced("store namespace", () -> store.namespace(account, slug));
    }

    @Override
    public Namespace createNamespace(Principal principal, NewNamespace namespace, TierLimits limits) {
        return stages.traced("store create namespace", () -> store.createNamespace(principal, namespace, limits));
    }

    @Override
    public DeletedNamespace deleteNamespace(Principal principal, String slug) {
        return stages.traced("store delete namespace", () -> store.deleteNamespace(principal, slug));
    }

    @Override
    public Saved put(
            Principal principal, String namespace, EntryDraft draft, Vectorization vectorization, TierLimits limits) {
        return stages.traced(
                "store put",
                () -> store.put(principal, namespace, draft, vectorization, limits),
                (span, _) -> span.setAttribute("ctx.vectors", vectors(vectorization)));
    }

    @Override
    public MemoryReads reads(Freshness freshness) {
        return new TracedReads(store.reads(freshness), stages);
    }

    @Override
    public Optional<Entry> get(UUID account, String namespace, String key) {
        return reads.get(account, namespace, key);
    }

    @Override
    public Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after) {
        return reads.list(account, namespace, tags, limit, after);
    }

    @Override
    public Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after) {
        return reads.history(account, namespace, key, limit, after);
    }

    @Override
    public List<Hit> search(CandidateQuery query, Scorer scorer) {
        return reads.search(query, scorer);
    }

    @Override
    public DeletedEntry delete(Principal principal, String namespace, String keyOrId) {
        return stages.traced("store delete", () -> store.delete(principal, namespace, keyOrId));
    }

    @Override
    public List<PendingEmbedding> pending(int limit) {
        return store.pending(limit);
    }

    @Override
    public void completeEmbedding(UUID entryId, long version, Vectorization.Ready vectors) {
        store.completeEmbedding(entryId, version, vectors);
    }

    @Override
    public void failEmbedding(UUID entryId, long version, @Nullable Long retryAfterMillis) {
        store.failEmbedding(entryId, version, retryAfterMillis);
    }

    @Override
    public EmbeddingBacklog embeddingBacklog() {
        return store.embeddingBacklog();
    }

    @Override
    public List<StoredModel> models() {
        return store.models();
    }

    @Override
    public int purgeExpired(int limit) {
        return store.purgeExpired(limit);
    }

    @Override
    public void ping() {
        store.ping();
    }

    @Override
    public void close() {}

    private static String vectors(Vectorization vectorization) {
        return switch (vectorization) {
            case Vectorization.Ready _ -> "ready";
            case Vectorization.Pending _ -> "pending";
            case Vectorization.None _ -> "none";
        };
    }
}
