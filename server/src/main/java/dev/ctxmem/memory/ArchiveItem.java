package dev.ctxmem.memory;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Json;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing that a store keeps, in no store's own terms: what an [Archive] hands out and takes. Counts of
/// entries and namespaces, search indexes and times of retries are not among them: a store makes its own.
public sealed interface ArchiveItem {
    /// A setting of the server; never a pepper.
    record OfSetting(String name, String value) implements ArchiveItem {}

    /// An account; `revision` is its counter over all changes.
    record OfAccount(Account account, long revision) implements ArchiveItem {}

    /// A key; `revokedAt` is null while it is in force.
    record OfKey(KeyRecord key, @Nullable Instant revokedAt) implements ArchiveItem {}

    /// Which customer of the payment service an account is; what it paid is asked of that service again.
    record OfCustomer(BillingStore.Customer customer) implements ArchiveItem {}

    record OfUsage(UUID account, YearMonth month, long requests) implements ArchiveItem {}

    record OfNamespace(
            UUID account,
            UUID id,
            String slug,
            String name,
            @Nullable String description,
            Instant createdAt,
            Instant updatedAt)
            implements ArchiveItem {}

    /// What a key is now; its versions follow, oldest first.
    ///
    /// @param vectors one for each model that has some; empty but for a live entry
    record OfEntry(
            UUID account,
            String namespace,
            String key,
            UUID id,
            long version,
            long revision,
            KeyState state,
            EmbeddingState embedding,
            Instant createdAt,
            @Nullable Instant expiresAt,
            List<Vectorization.Ready> vectors)
            implements ArchiveItem {
        public OfEntry {
            vectors = List.copyOf(vectors);
        }
    }

    /// A state that the entry before it has had, or has.
    ///
    /// @param keyId the key that wrote it
    record OfVersion(
            long version,
            long revision,
            boolean deleted,
            @Nullable UUID keyId,
            @Nullable String requestId,
            double importance,
            @Nullable Long ttlSeconds,
            @Nullable Instant expiresAt,
            Instant changedAt,
            List<String> tags,
            Json metadata,
            Json value)
            implements ArchiveItem {
        public OfVersion {
            tags = List.copyOf(tags);
        }
    }

    /// A change that the feed of the account tells of: of an entry's version, or of a namespace as a whole.
    record OfEvent(
            UUID account,
            long revision,
            String kind,
            String namespace,
            @Nullable String key,
            @Nullable Long version,
            Instant at)
            implements ArchiveItem {}

    /// Whether a key has a value.
    enum KeyState {
        LIVE,
        /// A tombstone with its history.
        DELETED,
        /// A tombstone that keeps nothing but the version counter.
        PURGED
    }
}
