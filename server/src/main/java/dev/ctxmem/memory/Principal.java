package dev.ctxmem.memory;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is calling: an account, through one of its keys, in one request. Only [Accounts] makes one, after it has
/// seen a valid key, so that holding a principal is the proof of authentication. Empty `namespaces` means all;
/// null `rateLimit` means the tier's.
public final class Principal {
    private final UUID account;
    private final Tier tier;
    private final UUID key;
    private final Set<Scope> scopes;
    private final Set<String> namespaces;
    private final @Nullable Integer rateLimit;
    private final @Nullable Instant expiresAt;
    private final String requestId;

    Principal(
            UUID account,
            Tier tier,
            UUID key,
            Set<Scope> scopes,
            Set<String> namespaces,
            @Nullable Integer rateLimit,
            @Nullable Instant expiresAt,
            String requestId) {
        this.account = account;
        this.tier = tier;
        this.key = key;
        this.scopes = scopes;
        this.namespaces = namespaces;
        this.rateLimit = rateLimit;
        this.expiresAt = expiresAt;
        this.requestId = requestId;
    }

    public UUID account() {
        return account;
    }

    public Tier tier() {
        return tier;
    }

    /// Id of the key that signed the request.
    public UUID key() {
        return key;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    /// Slugs this key is bound to; empty for all of the account's.
    public Set<String> namespaces() {
        return namespaces;
    }

    /// Requests a minute of this key, where the key has its own limit.
    public @Nullable Integer rateLimit() {
        return rateLimit;
    }

    /// When the key stops working; null for never.
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    public String requestId() {
        return requestId;
    }

    /// Throws INSUFFICIENT_SCOPE.
    public void require(Scope scope) {
        if (!scopes.contains(scope)) {
            throw new MemoryException(
                    ErrorCode.INSUFFICIENT_SCOPE, "This key does not have the scope '" + scope.wireName() + "'.");
        }
    }

    /// A namespace outside the key's list looks like one that does not exist.
    void requireNamespace(String slug) {
        if (!sees(slug)) {
            throw MemoryException.notFound("Namespace");
        }
    }

    boolean sees(String slug) {
        return namespaces.isEmpty() || namespaces.contains(slug);
    }
}
