package dev.ctxmem.memory;

import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import java.util.EnumMap;
import java.util.Map;

/// What each tier allows, and which one a new account gets.
public record Tiers(Map<Tier, TierLimits> limits, Tier signup) {
    private static final long UNLIMITED = Quota.UNLIMITED;

    public Tiers {
        limits = Map.copyOf(limits);
        if (limits.size() != Tier.values().length) {
            throw new IllegalArgumentException("Every tier needs its limits.");
        }
    }

    /// The table of the documented service.
    public static Map<Tier, TierLimits> defaults() {
        var limits = new EnumMap<Tier, TierLimits>(Tier.class);
        limits.put(Tier.FREE, new TierLimits(1, 1_000, 10_000, 100));
        limits.put(Tier.PRO, new TierLimits(10, 100_000, UNLIMITED, 1_000));
        limits.put(Tier.TEAM, new TierLimits(UNLIMITED, UNLIMITED, UNLIMITED, 10_000));
        return limits;
    }

    public TierLimits of(Tier tier) {
        return of(limits, tier);
    }

    /// The limits of a tier in a full table.
    public static TierLimits of(Map<Tier, TierLimits> limits, Tier tier) {
        TierLimits found = limits.get(tier);
        if (found == null) {
            throw new IllegalStateException("no limits for " + tier);
        }
        return found;
    }
}
