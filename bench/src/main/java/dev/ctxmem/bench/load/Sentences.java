package dev.ctxmem.bench.load;

import java.util.List;
import java.util.SplittableRandom;

/// Notes as agents leave them, and questions about them: made up, varied, the same for the same seed. For one
/// thread.
public final class Sentences {
    private static final List<String> PEOPLE =
            List.of("Amara", "Bruno", "Celia", "Dov", "Esra", "Femi", "Greta", "Hugo", "Imani", "Jun", "Kaia", "Luca");
    private static final List<String> TOOLS = List.of(
            "PostgreSQL",
            "Redis",
            "Kafka",
            "SQLite",
            "Terraform",
            "Nginx",
            "React",
            "Kotlin",
            "Vault",
            "Grafana",
            "gRPC");
    private static final List<String> PARTS = List.of(
            "session store",
            "invoice service",
            "search index",
            "login page",
            "job queue",
            "mail sender",
            "data warehouse",
            "payment gateway",
            "audit log",
            "mobile app",
            "image pipeline",
            "staging cluster");
    private static final List<String> CAUSES = List.of(
            "a missing index",
            "an expired certificate",
            "a retry storm",
            "clock skew",
            "a full disk",
            "lock contention");
    private static final List<String> CITIES =
            List.of("Lisbon", "Osaka", "Nairobi", "Toronto", "Oslo", "Lima", "Hanoi", "Prague");
    private static final List<String> NOTES = List.of(
            "We use %tool for the %part since ticket %number; %person made the case for it.",
            "%person owns the %part and answers pages for it from %city.",
            "The outage of the %part on day %number came from %cause and was mended by %person.",
            "Before anybody touches the %part, %person wants the checklist of %city read.",
            "Moving the %part to %tool cut its latency to %number milliseconds.",
            "%person works from %city now and no longer maintains the %part.",
            "The budget for %tool in %city is %number euros a month.",
            "Never restart the %part while %tool is being upgraded; %cause follows.");
    private static final List<String> QUESTIONS = List.of(
            "who owns the %part",
            "why was the %part down",
            "what do we use for the %part",
            "where does %person work now",
            "how much do we pay for %tool in %city",
            "may I restart the %part",
            "what did %person fix");
    private static final int NUMBERS = 5_000;

    private final SplittableRandom random;

    /// The same texts for the same seed.
    public Sentences(long seed) {
        random = new SplittableRandom(seed);
    }

    /// One or two sentences.
    public String note() {
        String note = filled(NOTES);
        return random.nextInt(3) == 0 ? note + " " + filled(NOTES) : note;
    }

    /// What an agent might ask later.
    public String question() {
        return filled(QUESTIONS);
    }

    private String filled(List<String> patterns) {
        return pick(patterns)
                .replace("%person", pick(PEOPLE))
                .replace("%tool", pick(TOOLS))
                .replace("%part", pick(PARTS))
                .replace("%cause", pick(CAUSES))
                .replace("%city", pick(CITIES))
                .replace("%number", String.valueOf(random.nextInt(NUMBERS)));
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
