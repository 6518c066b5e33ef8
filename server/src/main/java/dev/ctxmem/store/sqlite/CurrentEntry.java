package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is under a key before a write: live, expired, or a tombstone.
record CurrentEntry(
        long row,
        String key,
        UUID id,
        long version,
        long revision,
        Head.State state,
        boolean hasVectors,
        boolean isPending,
        long createdAt,
        @Nullable Long expiresAt,
        @Nullable Long ttlSeconds,
        boolean hasTags) {
    private static final String SELECT = """
            select e.row_id, e.key, e.id, e.version, e.revision, e.state, e.model is not null, e.embedding,
                e.created_at, e.expires_at, v.ttl_seconds, v.tags <> '[]'
            from entries e
            left join versions v on v.seq = e.content
            where e.namespace_id = :namespace and
            """;

    static final String BY_KEY = SELECT + "e.key = :key";
    static final String BY_ID = SELECT + "e.id = :id";

    static CurrentEntry read(Row row) {
        return new CurrentEntry(
                row.number(),
                row.text(),
                row.uuid(),
                row.number(),
                row.number(),
                Head.State.of(row.integer()),
                row.flag(),
                row.integer() == Embedding.code(EmbeddingState.PENDING),
                row.number(),
                row.numberOrNull(),
                row.numberOrNull(),
                row.flag());
    }

    boolean isLive(long now) {
        return state == Head.State.LIVE && (expiresAt == null || expiresAt > now);
    }
}
