package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.postgres.TestDatabase;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same random operations on both stores give the same answers. Ids come from a counter on each side and times
/// from one clock, so that answers are compared as they are; only similarities may differ by a rounding.
class DifferentialTest {
    private static final int OPERATIONS = Integer.getInteger("ctx.operations", 20_000);
    private static final double ROUNDING = 1e-9;
    private static final TierLimits LIMITS = new TierLimits(4, 60, Quota.UNLIMITED, Quota.UNLIMITED);
    private static final EmbeddingModel MODEL = new EmbeddingModel("test-model", 4);
    private static final List<String> SLUGS = List.of("notes", "plans", "other");
    private static final List<String> TAGS = List.of("a", "b", "c d", "é");
    private static final List<String> WORDS = List.of(
            "zebra",
            "giraffe",
            "database",
            "the",
            "running",
            "postgres",
            "café",
            "HTTPServer",
            "v1.2",
            "日本",
            "choose",
            "x");
    private static final List<String> KEYS = List.of(
            "a", "b", "a/b", "a.b", "é", "e\u0301", "A", "zebra", "%", "a%", "k".repeat(500), "ключ", "日本", "𝄞");

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05.678Z"));

    @Test
    void bothStores_answerTheSame() {
        run(Long.getLong("ctx.seed", 20260102L), OPERATIONS);
    }

    private void run(long seed, int operations) {
        var words = new EnglishWords();
        try (TestDatabase database = TestDatabase.create();
                Stores left = Stores.embedded(directory, clock, counter());
                var postgres =
                        new PostgresStore(database.settings(), words, clock, counter(), (entry, version) -> {})) {
            postgres.adapt(MODEL);
            Stores right = Stores.of(postgres);
            List<Principal> principals = List.of(account(left, right, 1), account(left, right, 2));
            var random = new SplittableRandom(seed);
            int answers = 0;
            for (int i = 0; i < operations; i++) {
                long step = random.nextLong();
                String expected = perform(left, principals, new SplittableRandom(step), words);
                String actual = perform(right, principals, new SplittableRandom(step), words);
                int number = i;
                assertEquals(expected, actual, () -> "seed " + seed + ", operation " + number);
                answers += expected.startsWith("MemoryException") ? 0 : 1;
                clock.advance(Duration.ofMillis(random.nextInt(3_000)));
            }
            assertTrue(answers > operations / 3, answers + " operations were no refusals");
        }
    }

    private Principal account(Stores left, Stores right, int number) {
        var account = new Account(new UUID(1, number), "a" + number + "@example.com", null, Tier.TEAM, clock.instant());
        var key = new ApiKey(
                new UUID(2, number), "ctx_", "key", Scope.all(), Set.of(), null, null, null, clock.instant());
        for (Stores stores : List.of(left, right)) {
            stores.accounts()
                    .createAccount(account, new KeyRecord(key, account.id(), "token" + number, "hash" + number), false);
        }
        return TestPrincipals.of(account.id(), key.id(), "req_test");
    }

    /// One operation, chosen and answered; a refusal is an answer.
    private static String perform(
            Stores stores, List<Principal> principals, SplittableRandom random, EnglishWords words) {
        Principal principal = principals.get(random.nextInt(principals.size()));
        UUID account = principal.account();
        String slug = one(random, SLUGS);
        String key = one(random, KEYS);
        var memories = stores.memories();
        try {
            return switch (random.nextInt(20)) {
                case 0, 1 ->
                    memories.createNamespace(principal, NewNamespace.of(slug), LIMITS)
                            .toString();
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        memories.deleteNamespace(principal, slug);
                    }
                    yield memories.namespaces(account).toString();
                }
                case 3, 4, 5, 6, 7 ->
                    memories.put(principal, slug, draft(random, key), vectors(random), LIMITS)
                            .toString();
                case 8 -> memories.delete(principal, slug, key).toString();
                case 9, 10 -> memories.get(account, slug, key).toString();
                case 11 ->
                    memories.list(account, slug, tags(random), 1 + random.nextInt(5), null)
                            .toString();
                case 12 ->
                    memories.list(account, slug, List.of(), 3, random.nextLong(500))
                            .toString();
                case 13 ->
                    memories.history(account, slug, key, 1 + random.nextInt(9), null)
                            .toString();
                case 14 -> String.valueOf(memories.purgeExpired(100));
                case 15 -> embed(stores, random);
                default -> search(stores, random, account, slug, words);
            };
        } catch (MemoryException e) {
            return "MemoryException " + e.code() + " " + e.detail();
        }
    }

    private static String embed(Stores stores, SplittableRandom random) {
        // Those of equal age may come in any order.
        var pending = stores.memories().pending(1000).stream()
                .sorted(Comparator.comparing(job -> job.entry().id()))
                .toList();
        long[] seeds = random.longs(pending.size()).toArray();
        for (int i = 0; i < seeds.length; i++) {
            var entry = pending.get(i).entry();
            if (vectors(new SplittableRandom(seeds[i])) instanceof Vectorization.Ready ready) {
                stores.memories().completeEmbedding(entry.id(), entry.version(), ready);
            } else {
                stores.memories().failEmbedding(entry.id(), entry.version(), seeds[i] % 2 == 0 ? null : 5_000L);
            }
        }
        return pending + " " + stores.memories().embeddingBacklog()
                + stores.memories().models();
    }

    private static String search(
            Stores stores, SplittableRandom random, UUID account, String slug, EnglishWords words) {
        String text = random.nextInt(4) == 0 ? one(random, KEYS) : text(random);
        var query = new CandidateQuery(
                account,
                random.nextBoolean() ? Set.of() : Set.of(slug),
                tags(random),
                text,
                words.queryStems(text),
                random.nextBoolean() ? vector(random) : null,
                MODEL,
                random.nextBoolean(),
                50,
                10,
                random.nextInt(3) * 0.2,
                false);
        var found = new StringBuilder();
        for (Hit hit : stores.memories().search(query, FittedWeights.fromCosine(-5, 11))) {
            found.append(Math.round(hit.similarity() / ROUNDING)).append(' ').append(hit.entry());
        }
        return found.toString();
    }

    private static EntryDraft draft(SplittableRandom random, String key) {
        Json value = random.nextInt(3) == 0
                ? Json.parse("{\"n\":" + random.nextInt(9) + ".50,\"text\":\"" + text(random) + "\"}")
                : Json.string(text(random));
        TimeToLive ttl = switch (random.nextInt(4)) {
            case 0 -> TimeToLive.seconds(1 + random.nextInt(60));
            case 1 -> TimeToLive.NEVER;
            default -> TimeToLive.KEEP;
        };
        return new EntryDraft(key, value, tags(random), Json.EMPTY_OBJECT, random.nextInt(5) / 4.0, ttl);
    }

    private static Vectorization vectors(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Vectorization.Pending();
            case 1 -> new Vectorization.None();
            case 2 -> new Vectorization.Ready(MODEL, List.of(vector(random)));
            default -> new Vectorization.Ready(MODEL, List.of(vector(random), vector(random), vector(random)));
        };
    }

    /// Products of such numbers are exact in single precision, as pgvector computes.
    private static float[] vector(SplittableRandom random) {
        return new float[] {1 + random.nextInt(4), random.nextInt(5) - 2, random.nextInt(5) - 2, random.nextInt(5) - 2};
    }

    private static List<String> tags(SplittableRandom random) {
        return TAGS.stream().filter(tag -> random.nextInt(4) == 0).toList();
    }

    private static String text(SplittableRandom random) {
        return String.join(
                " ",
                IntStream.range(0, 1 + random.nextInt(5))
                        .mapToObj(i -> one(random, WORDS))
                        .toList());
    }

    private static <T> T one(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /// The same ids in the same order on both sides.
    private static Supplier<UUID> counter() {
        var next = new AtomicLong();
        return () -> new UUID(3, next.incrementAndGet());
    }
}
