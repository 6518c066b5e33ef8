package dev.ctxmem.store.sql;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import java.util.List;

/// The refusal of a write that would pass what the account's tier allows.
public final class TierLimit {
    private TierLimit() {}

    /// `what` is a plural: "entries".
    public static MemoryException reached(String what, Quota quota) {
        return new MemoryException(
                ErrorCode.TIER_LIMIT_REACHED,
                "The account has " + quota.current() + " of " + quota.limit() + " " + what + ".",
                List.of(),
                quota,
                null,
                null);
    }
}
