package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Vectorization;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// P25 on PostgreSQL: what was changed behind the server's back is never returned as data, and takes down nothing but
/// its entry.
class P25PostgresCorruptionTest {
    private static final String NOTES = "notes";

    private final ConcurrentLinkedQueue<UUID> damaged = new ConcurrentLinkedQueue<>();
    private TestDatabase database;
    private PostgresStore store;
    private Principal caller;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        store = OpenStores.open(database.settings(), null, (entry, version) -> damaged.add(entry));
        caller = OpenStores.signUp(store, NOTES);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "value = '\"evil\"'",
                "value = ''",
                "tags = '{evil}'",
                "metadata = '{\"evil\":1}'",
                "importance = 0.75",
                "ttl_seconds = 5",
                "expires_at = now() + interval '1 day'",
                "created_at = created_at + interval '1 second'",
                "updated_at = updated_at + interval '1 second'",
                "version = 7",
                "revision = revision + 1",
                "id = gen_random_uuid()",
                "key_id = gen_random_uuid()",
                "request_id = 'req_evil'",
                "checksum = checksum + 1"
            })
    void aChangedColumn_isReported_forThatEntryAlone(String change) {
        put("a", "zebra a");
        put("b", "zebra b");
        put("c", "zebra c");
        database.execute("update entries set " + change + " where key = 'b'");

        var failure = assertThrows(MemoryException.class, () -> store.get(caller.account(), NOTES, "b"));

        assertEquals(ErrorCode.INTEGRITY_ERROR, failure.code());
        assertEquals(1, Set.copyOf(damaged).size());
        assertEquals(
                List.of("c", "a"),
                store.list(caller.account(), NOTES, List.of(), 10, null).items().stream()
                        .map(Entry::key)
                        .toList());
        assertEquals(
                "zebra a",
                store.get(caller.account(), NOTES, "a").orElseThrow().value().asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"value = '\"evil\"'", "tags = '{evil}'", "deleted = true", "updated_at = now()"})
    void aDamagedOldVersion_isLeftOutOfTheHistory(String change) {
        put("k", "one");
        put("k", "two");
        put("k", "three");
        database.execute("update entry_versions set " + change + " where version = 2");

        assertEquals(
                List.of("three", "one"),
                store.history(caller.account(), NOTES, "k", 10, null).items().stream()
                        .map(version -> version.value().asString())
                        .toList());
        assertEquals(1, Set.copyOf(damaged).size());
        assertTrue(store.get(caller.account(), NOTES, "k").isPresent());
    }

    @Test
    void aDamagedEntry_isHealedByWritingItAgain() {
        put("k", "one");
        database.execute("update entries set tags = '{evil}', value = 'not even JSON'");

        assertEquals(2, put("k", "two").version());
        assertEquals(
                "two",
                store.get(caller.account(), NOTES, "k").orElseThrow().value().asString());
    }

    private Entry put(String key, String value) {
        return store.put(
                        caller,
                        NOTES,
                        EntryDraft.of(key, Json.string(value)),
                        new Vectorization.None(),
                        OpenStores.UNLIMITED)
                .entry();
    }
}
