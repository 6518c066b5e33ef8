package dev.ctxmem.config;

import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.Tiers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The limits of the tiers as JSON: what is left out keeps its default.
final class TierTable {
    private TierTable() {}

    static Map<Tier, TierLimits> parse(String text, List<String> problems) {
        var limits = new EnumMap<Tier, TierLimits>(Tiers.defaults());
        try {
            Json.parse(text).members().forEach((name, members) -> {
                Tier tier = Tier.named(name);
                TierLimits standard = Tiers.of(limits, tier);
                Map<String, Json> given = members.members();
                limits.put(
                        tier,
                        new TierLimits(
                                number(given, "namespaces", standard.namespaces()),
                                number(given, "entries", standard.entries()),
                                number(given, "requests_per_month", standard.requestsPerMonth()),
                                number(given, "requests_per_minute", standard.requestsPerMinute())));
            });
        } catch (MemoryException | NumberFormatException e) {
            problems.add("TIERS is not a JSON object of tiers (free, pro, team) with whole numbers: " + e.getMessage());
        }
        return limits;
    }

    private static long number(Map<String, Json> members, String name, long standard) {
        Json given = members.get(name);
        return given == null ? standard : Long.parseLong(given.text());
    }
}
