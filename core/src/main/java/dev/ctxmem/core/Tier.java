package dev.ctxmem.core;

import java.util.Locale;

/// What an account may use; what each tier allows is configuration ([TierLimits]).
public enum Tier {
    FREE,
    PRO,
    TEAM;

    /// The name on the wire: lower case.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Tier named(String wireName) {
        for (Tier tier : values()) {
            if (tier.wireName().equals(wireName)) {
                return tier;
            }
        }
        throw MemoryException.invalid("/tier", "must be free, pro or team");
    }
}
