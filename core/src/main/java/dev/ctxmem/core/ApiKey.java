package dev.ctxmem.core;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A credential of an account, without its secret. Empty `namespaces` means all; null `rateLimit` means the
/// tier's.
public record ApiKey(
        UUID id,
        String prefix,
        String name,
        Set<Scope> scopes,
        Set<String> namespaces,
        @Nullable Integer rateLimit,
        @Nullable Instant lastUsedAt,
        @Nullable Instant expiresAt,
        Instant createdAt) {
    public ApiKey {
        scopes = Set.copyOf(scopes);
        namespaces = Set.copyOf(namespaces);
    }
}
