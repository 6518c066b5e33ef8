package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.Queries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The indexes of the vectors while a store that is too large to be scanned moves to another model.
class VectorIndexTest {
    private static final EmbeddingModel OLD = new EmbeddingModel("old", 16);
    private static final EmbeddingModel NEW = new EmbeddingModel("new", 24);
    private static final int ENTRIES = 300;
    private static final int SCAN_MAX = 100;
    private static final String INDEXES = """
            select indexname from pg_indexes where indexdef like '%hnsw%' order by indexname
            """;

    private TestDatabase database;
    private PostgresStore store;
    private Principal caller;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        store = OpenStores.open(database.settings().withScanMax(SCAN_MAX).withFlat(PostgresSettings.Flat.NONE), null);
        store.adapt(OLD);
        caller = OpenStores.signUp(store, "notes");
        for (int i = 0; i < ENTRIES; i++) {
            store.put(
                    caller,
                    "notes",
                    EntryDraft.of("k" + i, Json.string("v")),
                    new Vectorization.Ready(OLD, List.of(vector(OLD, i))),
                    OpenStores.UNLIMITED);
        }
        store.maintain();
    }

    @AfterEach
    void close() {
        store.close();
        Records.verify(database);
        database.close();
    }

    @Test
    void theNextModel_hasItsIndexBeforeTheSwitch_andTheOldOneLosesItsAfterwards() {
        assertEquals(List.of("entries_by_vector", "entry_chunks_by_vector_16"), database.query(INDEXES));
        assertFindsEach(OLD);
        Generations generations = store.generations();
        List<Generations.Lacking> lacking =
                generations.lacking(NEW, null, ENTRIES + 1).entries();
        assertEquals(ENTRIES, lacking.size());
        generations.add(
                NEW,
                lacking.stream()
                        .map(each -> each.with(List.of(
                                vector(NEW, Integer.parseInt(each.entry().key().substring(1))))))
                        .toList());
        generations.index(NEW);
        assertEquals(
                List.of("entries_by_vector", "entry_chunks_by_vector_16", "entry_chunks_by_vector_24"),
                database.query(INDEXES));
        assertFindsEach(OLD);
        assertFindsEach(NEW);
        generations.switchTo(NEW, "moved");
        assertEquals(100, generations.dropOthers(NEW, 100));
        assertFindsEach(NEW);
        while (generations.dropOthers(NEW, 100) > 0) {
            assertFindsEach(NEW);
        }
        assertFindsEach(NEW);
        assertEquals(List.of("entries_by_vector", "entry_chunks_by_vector_24"), database.query(INDEXES));
        assertEquals(
                List.of(String.valueOf(ENTRIES)),
                database.query("select count(*) from entries where vector_dims(embedding) = 24"));
        assertEquals(List.of("0"), database.query("select count(*) from entry_chunks"));
        assertEquals(
                List.of(),
                store.search(query(OLD, 7), Queries.BY_COSINE).stream()
                        .filter(hit -> hit.similarity() > 0)
                        .toList());
    }

    @Test
    void whileSomebodyReads_theColumnWaitsForAnotherTime_andNothingIsLost() throws SQLException {
        Generations generations = store.generations();
        generations.add(
                NEW,
                generations.lacking(NEW, null, ENTRIES + 1).entries().stream()
                        .map(each -> each.with(List.of(
                                vector(NEW, Integer.parseInt(each.entry().key().substring(1))))))
                        .toList());
        generations.switchTo(NEW, "moved");
        try (Connection reader = database.reading("entries")) {
            assertFalse(reader.isClosed());
            assertEquals(100, generations.dropOthers(NEW, 100));
            assertFindsEach(NEW);
            assertEquals(
                    List.of("16"),
                    database.query("select distinct vector_dims(embedding) from entries where embedding is not null"));
            assertEquals(200, generations.dropOthers(NEW, 200));
        }
        assertEquals(200, generations.dropOthers(NEW, 200));
        assertEquals(100, generations.dropOthers(NEW, 200));
        assertEquals(0, generations.dropOthers(NEW, 200));
        assertFindsEach(NEW);
        assertEquals(
                List.of(String.valueOf(ENTRIES)),
                database.query("select count(*) from entries where vector_dims(embedding) = 24"));
    }

    private void assertFindsEach(EmbeddingModel model) {
        for (int i = 0; i < ENTRIES; i += 17) {
            assertEquals(
                    "k" + i,
                    store.search(query(model, i), Queries.BY_COSINE)
                            .getFirst()
                            .entry()
                            .key());
        }
    }

    private CandidateQuery query(EmbeddingModel model, int i) {
        return Queries.vector(caller.account(), model, vector(model, i), 10, 0);
    }

    private static float[] vector(EmbeddingModel model, int seed) {
        var random = new SplittableRandom(seed * 31L + model.dimension());
        var vector = new float[model.dimension()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextDouble() - 0.5f;
        }
        return vector;
    }
}
