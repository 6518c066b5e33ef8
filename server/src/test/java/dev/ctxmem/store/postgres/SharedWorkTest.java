package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.EmbeddingWorker;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.process.Threads;
import dev.ctxmem.store.SettableClock;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What several instances do beside their requests is done once.
class SharedWorkTest {
    private static final int INSTANCES = 3;
    private static final int ENTRIES = 200;
    private static final int PURGED_AT_ONCE = 20;
    private static final String ACCOUNTS = "account_state";
    private static final EmbeddingModel MODEL = new EmbeddingModel("test-model", 3);
    private static final String NS = "notes";

    private final TestDatabase database = TestDatabase.create();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final List<PostgresStore> stores = new ArrayList<>();
    private final List<Principal> principals = new ArrayList<>();

    @BeforeEach
    void open() {
        for (int i = 0; i < INSTANCES; i++) {
            stores.add(OpenStores.open(database.settings(), clock));
        }
        PostgresStore store = stores.getFirst();
        store.adapt(MODEL);
        for (int i = 0; i < 4; i++) {
            principals.add(OpenStores.signUp(store, NS));
        }
    }

    @AfterEach
    void close() {
        stores.forEach(PostgresStore::close);
        database.close();
    }

    private void write(List<Principal> writers, Vectorization vectorization, TimeToLive timeToLive) {
        for (int i = 0; i < ENTRIES; i++) {
            var draft =
                    new EntryDraft("key-" + i, Json.string("text " + i), List.of(), Json.parse("{}"), 0.5, timeToLive);
            stores.getFirst().put(writers.get(i % writers.size()), NS, draft, vectorization, OpenStores.UNLIMITED);
        }
    }

    /// All at the same time.
    private void everywhere(Consumer<PostgresStore> work) {
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
        Threads.join(threads);
        assertEquals(Map.of(), failures);
    }

    @Test
    void pendingEntries_areEmbeddedOnceEach() {
        write(principals, new Vectorization.Pending(), TimeToLive.NEVER);
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
    void expiredEntries_arePurgedOnceEach() {
        write(principals, new Vectorization.None(), TimeToLive.seconds(60));
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

    /// The second one has seen what is expired before the first one purges it: it waits for a lock that is given to
    /// nobody until then.
    @Test
    void whatAnotherPurged_sinceItWasSeen_isLeftAlone() throws Exception {
        write(principals.subList(0, 1), new Vectorization.None(), TimeToLive.seconds(60));
        clock.advance(Duration.ofMinutes(2));

        try (var tasks = Executors.newVirtualThreadPerTaskExecutor();
                Connection gate = database.locking(ACCOUNTS)) {
            Future<Integer> first = tasks.submit(() -> stores.get(0).purgeExpired(ENTRIES));
            awaitWaiting(1);
            Future<Connection> between = tasks.submit(() -> database.locking(ACCOUNTS));
            awaitWaiting(2);
            Future<Integer> second = tasks.submit(() -> stores.get(1).purgeExpired(ENTRIES));
            awaitWaiting(3);
            gate.rollback();
            try (var _ = between.get()) {
                assertEquals(ENTRIES, first.get());
                assertFalse(second.isDone());
            }
            assertEquals(0, second.get());
        }
        Records.verify(database);
    }

    /// Returns once so many wait for the lock.
    private void awaitWaiting(int waiting) {
        while (database.query("select pid from pg_locks where not granted and relation = '" + ACCOUNTS + "'::regclass")
                        .size()
                < waiting) {
            Thread.onSpinWait();
        }
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
