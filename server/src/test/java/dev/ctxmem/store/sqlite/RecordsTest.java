package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The negative control of [Records#verify]: each contradiction is found.
class RecordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from versions where version = 2 and entry = (select row_id from entries where key = 'a')",
                "delete from versions where version = 1 and entry = (select row_id from entries where key = 'c')",
                "update entries set version = version + 1 where key = 'a'",
                "update entries set revision = revision + 1000 where key = 'a'",
                "update entries set content = (select content from entries where key = 'b') where key = 'a'",
                "update entries set expires_at = 1 where key = 'a'",
                "delete from events where revision = 1",
                "insert into events select account_id, 1000, kind, namespace_id, entry, version, slug, at "
                        + "from events where revision = 1",
                "update events set version = 7 where revision = 1",
                "update accounts set revision = 1",
                "update accounts set entries = entries + 1",
                "update accounts set namespaces = 0",
                "update namespaces set entries = entries - 1",
                "delete from vectors",
                "update entries set model = null where model is not null",
                "delete from embedding_jobs",
                "update entries set embedding = 0 where embedding = 1",
                "update embedding_jobs set version = 99",
                "delete from entry_tags where tag = 'one'",
                "insert into entry_tags select namespace_id, 'more', revision, row_id from entries where key = 'a'",
                "update entries set state = 2 where key = 'a'",
                "update sequence set value = 3",
                "update versions set revision = 1"
            })
    void aContradiction_isFound(String contradiction, @TempDir Path directory) {
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            OpenStores.put(store, "a", "1");
            OpenStores.put(store, "a", "2", "one", "two");
            OpenStores.put(store, "a", "3", "one");
            put(store, "b", new Vectorization.Ready(new EmbeddingModel("m", 1), List.of(new float[] {1})));
            put(store, "c", new Vectorization.Pending());
            OpenStores.put(store, "d", "4");
            store.delete(OpenStores.PRINCIPAL, OpenStores.NOTES, "d");
        }
        Records.verify(directory);

        Records.update(directory, contradiction);

        assertThrows(AssertionError.class, () -> Records.verify(directory));
    }

    private static void put(SqliteStore store, String key, Vectorization vectorization) {
        store.put(
                OpenStores.PRINCIPAL,
                OpenStores.NOTES,
                EntryDraft.of(key, Json.string("v")),
                vectorization,
                OpenStores.UNLIMITED);
    }
}
