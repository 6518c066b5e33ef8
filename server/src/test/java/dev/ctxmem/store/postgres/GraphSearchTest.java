package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.Queries;
import dev.ctxmem.store.SettableClock;
import dev.ctxmem.store.TestVectors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Searches in an account that is too large to be scanned, so that the nearest vectors come from the HNSW index: what
/// they find beside an exact search over all vectors. Vectors lie in groups, as those of texts do.
class GraphSearchTest {
    private static final EmbeddingModel MODEL = new EmbeddingModel("made-up", 64);
    private static final String NOTES = "notes";
    private static final int ENTRIES = 3000;
    private static final int GROUPS = 30;
    private static final int GROUP_SIZE = ENTRIES / GROUPS;
    private static final int SCAN_MAX = GROUP_SIZE;
    private static final int QUESTIONS = 40;
    private static final int LIMIT = 10;

    private static final String WALKS = """
            select idx_scan from pg_stat_user_indexes where indexrelname = 'entries_by_vector'
            """;
    private static final String CONNECTIONS = """
            select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
            """;

    private static TestDatabase database;
    private static Principal caller;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private PostgresStore store;

    /// Entry `i` is of group `i % GROUPS`, has the tag `half` if it is even, and the group's tag.
    @BeforeAll
    static void fill() {
        database = TestDatabase.create();
        var clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
        try (PostgresStore filled = open(clock)) {
            filled.adapt(MODEL);
            caller = OpenStores.signUp(filled, NOTES);
            IntStream.range(0, ENTRIES).parallel().forEach(i -> put(filled, i, vector(i), TimeToLive.KEEP));
            assertEquals(List.of(), database.query(WALKS));
            filled.maintain();
            database.execute("analyze");
            assertEquals(List.of("0"), database.query(WALKS));
        }
    }

    @AfterAll
    static void drop() {
        Records.verify(database);
        database.close();
    }

    @BeforeEach
    void open() {
        store = open(clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theIndex_isUsed_andFindsWhatAnExactSearchFinds() {
        long before = walks();

        assertRecall(List.of(), i -> true);

        assertTrue(walks() - before >= QUESTIONS, "the index was walked " + (walks() - before) + " times");
    }

    @Test
    void aFilter_thatHalfOfTheEntriesMatch_getsFullAnswers() {
        long before = walks();

        assertRecall(List.of("half"), i -> i % 2 == 0);

        assertTrue(walks() > before);
    }

    @Test
    void aNarrowFilter_isScanned_andExact() {
        long before = walks();

        assertEquals(1, recall(List.of("group-7"), i -> i % GROUPS == 7));

        assertEquals(before, walks());
    }

    /// The index ends after so many rows; what matches lies behind them.
    @Test
    void whereTheIndexEndsTooEarly_allIsScanned() {
        String change =
                "alter database " + database.query("select current_database()").getFirst();
        database.execute(change + " set hnsw.max_scan_tuples = 60");
        try (PostgresStore hurried = open(clock, GROUP_SIZE / 5)) {
            float[] question = vector(ENTRIES + 3);
            List<String> found = keys(hurried, query(question, List.of("group-7")));
            assertEquals(LIMIT, found.size());
            assertEquals(exact(question, i -> i % GROUPS == 7), Set.copyOf(found));
        } finally {
            database.execute(change + " reset hnsw.max_scan_tuples");
        }
    }

    @Test
    void whatIsDeletedExpiredOrMovedAway_isNotFound() {
        float[] question = vector(ENTRIES + 1);
        List<String> nearest = keys(store, query(question, List.of()));
        int deleted = number(nearest.get(0));
        int expired = number(nearest.get(1));
        int moved = number(nearest.get(2));
        store.delete(caller, NOTES, key(deleted));
        put(store, expired, vector(expired), TimeToLive.seconds(60));
        put(store, moved, negative(vector(moved)), TimeToLive.KEEP);
        clock.advance(Duration.ofMinutes(1));

        List<String> now = keys(store, query(question, List.of()));

        assertEquals(nearest.subList(3, LIMIT), now.subList(0, LIMIT - 3));
        assertEquals(LIMIT, now.size());
        put(store, deleted, vector(deleted), TimeToLive.KEEP);
        put(store, expired, vector(expired), TimeToLive.KEEP);
        put(store, moved, vector(moved), TimeToLive.KEEP);
        assertEquals(nearest, keys(store, query(question, List.of())));
    }

    /// Further chunks are in a table of their own, which has an index of its own.
    @Test
    void anEntry_isFoundByItsSecondChunk_besideOthersWithoutOne() {
        float[] question = negative(vector(ENTRIES + 5));
        List<String> without = keys(store, query(question, List.of()));
        int far = IntStream.range(0, ENTRIES)
                .filter(i -> !without.contains(key(i)))
                .findFirst()
                .orElseThrow();
        put(store, far, List.of(vector(far), question), TimeToLive.KEEP);

        List<String> with = keys(store, query(question, List.of()));

        assertEquals(key(far), with.getFirst());
        assertEquals(without.subList(0, LIMIT - 1), with.subList(1, LIMIT));
        put(store, far, vector(far), TimeToLive.KEEP);
        assertEquals(without, keys(store, query(question, List.of())));
    }

    /// Statistics are complete once every connection has ended.
    private long walks() {
        store.close();
        while (!database.query(CONNECTIONS).isEmpty()) {
            Thread.onSpinWait();
        }
        store = open(clock);
        return Long.parseLong(database.query(WALKS).getFirst());
    }

    private void assertRecall(List<String> tags, IntPredicate matching) {
        double recall = recall(tags, matching);
        assertTrue(recall >= 0.95, "recall@10 " + recall);
    }

    private double recall(List<String> tags, IntPredicate matching) {
        int hits = 0;
        for (int question = 0; question < QUESTIONS; question++) {
            float[] vector = vector(ENTRIES + question);
            List<String> found = keys(store, query(vector, tags));
            assertEquals(LIMIT, found.size());
            var truth = exact(vector, matching);
            hits += (int) found.stream().filter(truth::contains).count();
        }
        return hits / (double) (QUESTIONS * LIMIT);
    }

    private static Set<String> exact(float[] question, IntPredicate matching) {
        return Set.copyOf(IntStream.range(0, ENTRIES)
                .filter(matching)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -TestVectors.cosine(question, vector(i))))
                .limit(LIMIT)
                .map(GraphSearchTest::key)
                .toList());
    }

    private static CandidateQuery query(float[] vector, List<String> tags) {
        var all = Queries.vector(caller.account(), MODEL, vector, LIMIT, 0);
        return new CandidateQuery(
                all.account(),
                Set.of(),
                tags,
                all.text(),
                List.of(),
                vector,
                MODEL,
                false,
                all.candidates(),
                LIMIT,
                0,
                false);
    }

    private static List<String> keys(PostgresStore store, CandidateQuery query) {
        return store.search(query, Queries.BY_COSINE).stream()
                .map(hit -> hit.entry().key())
                .toList();
    }

    private static void put(PostgresStore store, int i, float[] vector, TimeToLive timeToLive) {
        put(store, i, List.of(vector), timeToLive);
    }

    private static void put(PostgresStore store, int i, List<float[]> vectors, TimeToLive timeToLive) {
        var tags = new ArrayList<>(List.of("group-" + i % GROUPS));
        if (i % 2 == 0) {
            tags.add("half");
        }
        var draft = new EntryDraft(key(i), Json.string("v"), tags, Json.EMPTY_OBJECT, 0.5, timeToLive);
        store.put(caller, NOTES, draft, new Vectorization.Ready(MODEL, vectors), OpenStores.UNLIMITED);
    }

    private static String key(int i) {
        return "k" + i;
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(1));
    }

    private static float[] vector(int i) {
        var vector = new float[MODEL.dimension()];
        add(vector, new SplittableRandom(-1 - i % GROUPS), 1);
        add(vector, new SplittableRandom(i), 0.5);
        return vector;
    }

    private static void add(float[] vector, SplittableRandom random, double weight) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (weight * random.nextGaussian());
        }
    }

    private static float[] negative(float[] vector) {
        float[] negative = Arrays.copyOf(vector, vector.length);
        for (int i = 0; i < negative.length; i++) {
            negative[i] = -negative[i];
        }
        return negative;
    }

    private static PostgresStore open(SettableClock clock) {
        return open(clock, SCAN_MAX);
    }

    private static PostgresStore open(SettableClock clock, int scanMax) {
        return OpenStores.open(database.settings().withScanMax(scanMax).withFlat(PostgresSettings.Flat.NONE), clock);
    }
}
