package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.EmbeddingWorker;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.SettableClock;
import dev.ctxmem.text.EnglishWords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What several instances do beside their requests is done once.
class SharedWorkTest {
    private static final int INSTANCES = 3;
    private static final int ENTRIES = 200;
    /// So few that instances often look for the same ones while another erases them.
    private static final int PURGED_AT_ONCE = 4;
    private static final EmbeddingModel MODEL = new EmbeddingModel("test-model", 3);
    private static final TierLimits LIMITS =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
    private static final String NS = "notes";

    private final TestDatabase database = TestDatabase.create();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final List<PostgresStore> stores = new ArrayList<>();
    private final List<Principal> principals = new ArrayList<>();

    @BeforeEach
    void open() {
        for (int i = 0; i < INSTANCES; i++) {
            stores.add(new PostgresStore(
                    database.settings(),
                    new EnglishWords(),
                    clock,
                    new UuidV7(clock, RandomGenerator.getDefault()),
                    (entry, version) -> {
                        throw new AssertionError(entry + " " + version);
                    }));
        }
        PostgresStore store = stores.getFirst();
        store.adapt(MODEL);
        for (int i = 0; i < 4; i++) {
            Principal principal = TestPrincipals.of(new UUID(1, i), new UUID(2, i), "req_test");
            var account = new Account(principal.account(), "a" + i + "@example.com", null, Tier.TEAM, Instant.EPOCH);
            var key =
                    new ApiKey(principal.key(), "ctx_", "key", Scope.all(), Set.of(), null, null, null, Instant.EPOCH);
            store.createAccount(account, new KeyRecord(key, account.id(), "token" + i, "hash" + i), false);
            store.createNamespace(principal, NewNamespace.of(NS), LIMITS);
            principals.add(principal);
        }
    }

    @AfterEach
    void close() {
        stores.forEach(PostgresStore::close);
        database.close();
    }

    private void write(Vectorization vectorization, TimeToLive timeToLive) {
        for (int i = 0; i < ENTRIES; i++) {
            var draft =
                    new EntryDraft("key-" + i, Json.string("text " + i), List.of(), Json.parse("{}"), 0.5, timeToLive);
            stores.getFirst().put(principals.get(i % principals.size()), NS, draft, vectorization, LIMITS);
        }
    }

    /// All at the same time.
    private void everywhere(Consumer<PostgresStore> work) throws InterruptedException {
        var start = new CyclicBarrier(INSTANCES);
        var failures = new ConcurrentHashMap<PostgresStore, Throwable>();
        var threads = stores.stream()
                .map(store -> Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                        work.accept(store);
                    } catch (Exception e) {
                        failures.put(store, e);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(Map.of(), failures);
    }

    @Test
    void pendingEntries_areEmbeddedOnceEach() throws InterruptedException {
        write(new Vectorization.Pending(), TimeToLive.NEVER);
        var embedded = new ConcurrentHashMap<String, Integer>();
        var embeddings = new CountingEmbeddings(embedded);

        everywhere(store -> {
            var worker = new EmbeddingWorker(store, () -> embeddings);
            while (store.embeddingBacklog().pending() > 0) {
                worker.runOnce();
            }
        });

        assertEquals(new EmbeddingBacklog(0, 0), stores.getFirst().embeddingBacklog());
        assertEquals(ENTRIES, embedded.size());
        var twice = new TreeMap<>(embedded);
        twice.values().removeIf(times -> times == 1);
        assertEquals(Map.of(), twice);
        Records.verify(database);
    }

    @Test
    void expiredEntries_arePurgedOnceEach() throws InterruptedException {
        write(new Vectorization.None(), TimeToLive.seconds(60));
        clock.advance(Duration.ofMinutes(2));
        var purged = new AtomicInteger();

        everywhere(store -> {
            while (!database.query("select 1 from entries where state = 'live' limit 1")
                    .isEmpty()) {
                purged.addAndGet(store.purgeExpired(PURGED_AT_ONCE));
            }
        });

        assertEquals(ENTRIES, purged.get());
        Records.verify(database);
    }

    /// Notes how often it was asked for each text.
    private record CountingEmbeddings(Map<String, Integer> texts) implements Embeddings {
        @Override
        public Optional<EmbeddingModel> model() {
            return Optional.of(MODEL);
        }

        @Override
        public Optional<List<float[]>> passage(String text, Duration deadline) {
            return Optional.empty();
        }

        @Override
        public Optional<float[]> query(UUID account, String text, Duration deadline) {
            return Optional.empty();
        }

        @Override
        public List<List<float[]>> backlog(List<String> asked) {
            asked.forEach(text -> texts.merge(text, 1, Integer::sum));
            return asked.stream().map(text -> List.of(new float[] {1, 0, 0})).toList();
        }
    }
}
