package dev.ctxmem.core;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One memory as it stands now. `version` counts the states of its key from 1 and is never reused; `expiresAt`
/// is `ttlSeconds` after the last write that set a TTL.
public record Entry(
        UUID id,
        String key,
        Json value,
        String namespace,
        List<String> tags,
        Json metadata,
        double importance,
        @Nullable Long ttlSeconds,
        @Nullable Instant expiresAt,
        long version,
        Instant createdAt,
        Instant updatedAt,
        EmbeddingState embedding) {
    public Entry {
        tags = List.copyOf(tags);
    }
}
