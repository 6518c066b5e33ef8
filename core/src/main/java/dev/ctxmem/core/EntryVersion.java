package dev.ctxmem.core;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One state of an entry. A deletion is a version too: `deleted`, with the value `null`. `keyId` and
/// `requestId` tell who wrote it.
public record EntryVersion(
        long version,
        Json value,
        List<String> tags,
        Json metadata,
        double importance,
        @Nullable Long ttlSeconds,
        Instant changedAt,
        boolean deleted,
        @Nullable UUID keyId,
        @Nullable String requestId) {
    public EntryVersion {
        tags = List.copyOf(tags);
    }
}
