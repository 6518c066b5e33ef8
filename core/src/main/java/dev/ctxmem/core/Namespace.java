package dev.ctxmem.core;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A shelf of entries in an account, addressed by its slug. `entryCount` counts live entries.
public record Namespace(
        UUID id,
        String slug,
        String name,
        @Nullable String description,
        long entryCount,
        Instant createdAt,
        Instant updatedAt) {}
