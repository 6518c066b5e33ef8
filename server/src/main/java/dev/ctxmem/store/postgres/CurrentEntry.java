package dev.ctxmem.store.postgres;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is under a key before a write: live, expired, or a tombstone. Its row is locked: vectors that come late
/// wait.
record CurrentEntry(
        String key,
        UUID id,
        long version,
        String state,
        boolean hasVectors,
        boolean hasJob,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Long ttlSeconds) {
    private static final String SELECT = """
            select e.key, e.id, e.version, e.state, e.model_id is not null, e.embedding_state <> 'ready',
                e.created_at, e.expires_at, e.ttl_seconds
            from namespaces n
            join entries e on e.account_id = n.account_id and e.namespace_id = n.id
            where n.account_id = :account and n.slug = :slug and e.account_id = :account
            """;

    static final String BY_KEY = SELECT + """
                and e.key = :key
            for update of e
            """;

    static final String LIVE_BY_KEY_OR_ID = SELECT + """
                and (e.key = :key or e.id = :id::uuid)
                and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            order by e.key = :key desc
            limit 1
            for update of e
            """;

    private static final String LIVE = "live";
    private static final String PURGED = "purged";

    static CurrentEntry read(Row row) {
        return new CurrentEntry(
                row.text(),
                row.uuid(),
                row.number(),
                row.text(),
                row.flag(),
                row.flag(),
                row.instant(),
                row.instantOrNull(),
                row.numberOrNull());
    }

    boolean isLive(Instant now) {
        return isCounted() && (expiresAt == null || expiresAt.isAfter(now));
    }

    /// An entry that has expired is, until it is purged.
    boolean isCounted() {
        return state.equals(LIVE);
    }

    boolean hasExpired(Instant now) {
        return isCounted() && !isLive(now);
    }

    /// Whether nothing is left but the version counter.
    boolean isPurged() {
        return state.equals(PURGED);
    }

    @Nullable
    Long expiresAtMillis() {
        return expiresAt == null ? null : (Long) expiresAt.toEpochMilli();
    }
}
