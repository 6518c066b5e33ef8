package dev.ctxmem.memory;

import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import java.util.Set;
import java.util.UUID;

/// Principals for tests below the rules: in the product only [Accounts] makes one.
public final class TestPrincipals {
    private TestPrincipals() {}

    public static Principal of(UUID account, UUID key, String requestId) {
        return new Principal(account, Tier.TEAM, key, Scope.all(), Set.of(), null, null, requestId);
    }
}
