package dev.ctxmem.core;

/// Where an account stands against one limit of its tier: `current` ≥ 0; `limit` ≥ 0, or [#UNLIMITED].
public record Quota(long current, long limit) {
    /// The wire's way to write "no limit".
    public static final long UNLIMITED = -1;

    public Quota {
        if (current < 0 || limit < UNLIMITED) {
            throw new IllegalArgumentException("current " + current + ", limit " + limit);
        }
    }

    /// Whether `more` can be added without passing the limit.
    public boolean allows(long more) {
        return limit == UNLIMITED || current + more <= limit;
    }
}
