package dev.ctxmem.core;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a key is made from. Empty `namespaces` means all; `rateLimit` is requests a minute, null for the
/// tier's.
public record NewKey(
        String name,
        Set<Scope> scopes,
        Set<String> namespaces,
        @Nullable Integer rateLimit,
        @Nullable Instant expiresAt) {
    public NewKey {
        Text.line(name, "/name", 1, Limits.NAME_CHARACTERS_MAX);
        scopes = Set.copyOf(scopes);
        namespaces = Set.copyOf(namespaces);
        if (scopes.isEmpty()) {
            throw MemoryException.invalid("/scopes", "must name at least one of read, write, delete, admin");
        }
        if (namespaces.size() > Limits.PAGE_MAX) {
            throw MemoryException.invalid("/namespaces", "has more than " + Limits.PAGE_MAX + " namespaces");
        }
        namespaces.forEach(Text::slug);
        if (rateLimit != null && rateLimit < 1) {
            throw MemoryException.invalid("/rate_limit", "must be at least 1");
        }
    }

    /// A key that may do everything its account may.
    public static NewKey unrestricted(String name) {
        return new NewKey(name, Scope.all(), Set.of(), null, null);
    }
}
