package dev.ctxmem.core;

/// What one tier allows; each number is ≥ 0 or [Quota#UNLIMITED]. `requestsPerMinute` counts per key, the
/// others per account.
public record TierLimits(long namespaces, long entries, long requestsPerMonth, long requestsPerMinute) {
    public TierLimits {
        if (Math.min(Math.min(namespaces, entries), Math.min(requestsPerMonth, requestsPerMinute)) < Quota.UNLIMITED) {
            throw MemoryException.invalid("/tier", "limits must be 0 or more, or -1 for unlimited");
        }
    }
}
