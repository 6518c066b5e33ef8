package dev.ctxmem.memory;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TierLimits;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where namespaces, entries, versions and vectors live. Every store passes the same contract kit.
///
/// **Durability.** What a writing method returned survives the end of the process and of the power. A method
/// that throws has changed nothing, and a refused write never fails its neighbours in a group commit.
///
/// **One transaction.** A write commits together: the entry, its version row, its event, the account's counts,
/// and its vectors or its pending job. Versions of a key are 1, 2, 3 …, never reused, not after a delete or an
/// expiry either; a delete is a version. The account's revision grows by one with every version.
///
/// **Isolation.** No method returns or changes anything of another account. What is missing and what is another
/// account's look the same: NOT_FOUND, or an empty result.
///
/// **Time.** An entry is gone from every method at the instant `now >= expires_at` by the store's clock. Times
/// have whole milliseconds.
///
/// Thread-safe. Throws OVERLOADED when its queues are full, UNAVAILABLE when it cannot be reached,
/// STORAGE_FULL, INTEGRITY_ERROR.
public interface MemoryStore extends MemoryReads, AutoCloseable {
    /// By slug, bytewise.
    List<Namespace> namespaces(UUID account);

    Optional<Namespace> namespace(UUID account, String slug);

    /// ALREADY_EXISTS; TIER_LIMIT_REACHED, checked in the same transaction.
    Namespace createNamespace(Principal principal, NewNamespace namespace, TierLimits limits);

    /// Erases the namespace with its entries, versions, vectors and jobs. NOT_FOUND.
    DeletedNamespace deleteNamespace(Principal principal, String slug);

    /// Upsert. NOT_FOUND for the namespace; TIER_LIMIT_REACHED for a new key past the limit. A key that was
    /// deleted or has expired is created anew: a new id, the next version, and nothing of an expired one is
    /// left.
    Saved put(Principal principal, String namespace, EntryDraft draft, Vectorization vectorization, TierLimits limits);

    /// By key, else by entry id. NOT_FOUND for namespace or entry.
    DeletedEntry delete(Principal principal, String namespace, String keyOrId);

    /// Reads that need be no fresher than so. The store's own methods see every write that was acknowledged before
    /// the call, through any instance.
    MemoryReads reads(Freshness freshness);

    /// Entries that wait for vectors and are due by the store's clock, oldest first, of all accounts.
    List<PendingEmbedding> pending(int limit);

    /// Gives an entry its vectors, if it is still at this version and pending; else does nothing.
    void completeEmbedding(UUID entryId, long version, Vectorization.Ready vectors);

    /// Notes a failed attempt: due again at `retryAfterMillis` from now, or never (the entry is FAILED from now
    /// on) when that is null.
    void failEmbedding(UUID entryId, long version, @Nullable Long retryAfterMillis);

    /// How many entries wait for vectors, and how many will never get them.
    EmbeddingBacklog embeddingBacklog();

    /// The models of the vectors at hand, with how many entries each has.
    List<StoredModel> models();

    /// Erases up to `limit` expired entries with their versions and vectors, leaving the version counter.
    /// Returns how many.
    int purgeExpired(int limit);

    /// Throws UNAVAILABLE when the store cannot answer now.
    void ping();

    @Override
    void close();

    /// Counts for metrics.
    record EmbeddingBacklog(long pending, long failed) {}

    /// A model whose vectors the store holds.
    record StoredModel(EmbeddingModel model, long entries) {}
}
