package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TimeToLive;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Putting, getting and deleting single entries.
abstract class EntryContract extends StoreTopic {
    EntryContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void put_returnsWhatIsReadAfterwards() {
        var draft = new EntryDraft(
                "db/choice",
                Json.parse("{\"use\":\"postgres\",\"since\":[2024,1.50]}"),
                List.of("decision", "Ünïcode 🙂", "a\"b\\c"),
                Json.parse("{\"who\":\"ann\"}"),
                0.9,
                TimeToLive.seconds(60));

        Saved saved = save(draft);

        Entry entry = saved.entry();
        assertTrue(saved.created());
        assertEquals("db/choice", entry.key());
        assertEquals(NOTES, entry.namespace());
        assertEquals(
                "{\"use\":\"postgres\",\"since\":[2024,1.50]}", entry.value().text());
        assertEquals(List.of("decision", "Ünïcode 🙂", "a\"b\\c"), entry.tags());
        assertEquals("{\"who\":\"ann\"}", entry.metadata().text());
        assertEquals(0.9, entry.importance());
        assertEquals(60L, entry.ttlSeconds());
        assertEquals(START.plusSeconds(60), entry.expiresAt());
        assertEquals(1, entry.version());
        assertEquals(START, entry.createdAt());
        assertEquals(START, entry.updatedAt());
        assertEquals(EmbeddingState.READY, entry.embedding());
        assertEquals(entry, get("db/choice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "0",
                "\"\"",
                "false",
                "[]",
                "{}",
                "-0",
                "1e308",
                "12345678901234567890.123",
                "\"\\u0001 \\\" \\\\ \u2028 🙂\"",
                "{\"a\":[{\"b\":null}]}"
            })
    void put_keepsEveryKindOfValue(String json) {
        save(EntryDraft.of("k", Json.parse(json)));

        assertEquals(
                Json.parse(json),
                memories.get(alice.account(), NOTES, "k").orElseThrow().value());
    }

    @Test
    void put_keepsTheLargestValue() {
        String large = "ä".repeat(Limits.VALUE_BYTES_MAX / 2);

        put("large", large);

        assertEquals(large, value("large"));
    }

    @Test
    void put_replacesTheWholeEntry_andKeepsItsIdentity() {
        Entry first = save(new EntryDraft(
                        "k", Json.string("one"), List.of("old"), Json.parse("{\"a\":1}"), 0.1, TimeToLive.NEVER))
                .entry();
        clock.advance(Duration.ofMillis(5));

        Saved saved = save(EntryDraft.of("k", Json.string("two")));

        Entry second = saved.entry();
        assertFalse(saved.created());
        assertEquals(first.id(), second.id());
        assertEquals(2, second.version());
        assertEquals(START, second.createdAt());
        assertEquals(START.plusMillis(5), second.updatedAt());
        assertEquals(List.of(), second.tags());
        assertEquals(Json.EMPTY_OBJECT, second.metadata());
        assertEquals(EntryDraft.IMPORTANCE_DEFAULT, second.importance());
        assertEquals(second, get("k"));
    }

    @Test
    void put_refusesAnUnknownNamespace() {
        assertFails(ErrorCode.NOT_FOUND, () -> memories.put(alice, "nothing", draft("k", "v"), NONE, UNLIMITED));
    }

    @Test
    void get_isEmptyForWhatIsNotThere() {
        assertNull(get("nothing"));
        assertEquals(Optional.empty(), memories.get(alice.account(), "nothing", "k"));
    }

    @Test
    void keys_areComparedBytewise() {
        List<String> keys = List.of(
                "caf\u00e9", "cafe\u0301", "Key", "key", "key ", "a/b", "a//b", "a%2Fb", "x'y\"z", "k", "𝄞", "\uffee");
        keys.forEach(key -> put(key, "value of " + key));

        keys.forEach(key -> assertEquals("value of " + key, value(key)));
        assertEquals(keys.size(), entryCount());
    }

    @Test
    void keys_mayHaveTheirFullLength() {
        String ascii = "k".repeat(Limits.KEY_CHARACTERS_MAX);
        String wide = "𝄞".repeat(Limits.KEY_CHARACTERS_MAX);
        put(ascii, "ascii");
        put(wide, "wide");

        assertEquals("ascii", value(ascii));
        assertEquals("wide", value(wide));
    }

    @Test
    void delete_byKey_leavesATombstoneThatKeepsTheCounter() {
        Entry before = put("k", "one");
        put("k", "two");

        DeletedEntry deleted = memories.delete(alice, NOTES, "k");

        assertEquals(new DeletedEntry(before.id(), "k", deleted.revision()), deleted);
        assertNull(get("k"));
        assertEquals(List.of(), listKeys());
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, NOTES, "k"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "k", 10, null));
    }

    @Test
    void put_afterADelete_createsAnew_withTheNextVersion() {
        Entry before = put("k", "one", "old");
        memories.delete(alice, NOTES, "k");
        clock.advance(Duration.ofSeconds(1));

        Saved saved = save(draft("k", "again"));

        assertTrue(saved.created());
        assertEquals(3, saved.entry().version());
        assertNotEquals(before.id(), saved.entry().id());
        assertEquals(START.plusSeconds(1), saved.entry().createdAt());
        assertEquals(List.of(3L, 2L, 1L), historyVersions("k"));
        assertEquals(List.of(), listKeys("old"));
    }

    @Test
    void versions_areNeverReused() {
        long expected = 0;
        for (int round = 0; round < 5; round++) {
            assertEquals(++expected, put("k", "v").version());
            assertEquals(++expected, put("k", "w").version());
            memories.delete(alice, NOTES, "k");
            expected++;
        }
    }

    @Test
    void delete_byId() {
        Entry entry = put("k", "one");

        DeletedEntry deleted =
                memories.delete(alice, NOTES, entry.id().toString().toUpperCase(Locale.ROOT));

        assertEquals(new DeletedEntry(entry.id(), "k", deleted.revision()), deleted);
        assertNull(get("k"));
    }

    @Test
    void delete_findsAKeyBeforeAnId() {
        Entry other = put("other", "stays");
        put(other.id().toString(), "goes");

        DeletedEntry deleted = memories.delete(alice, NOTES, other.id().toString());

        assertEquals(other.id().toString(), deleted.key());
        assertEquals("stays", value("other"));
    }

    @Test
    void delete_refusesWhatIsNotThere() {
        Entry entry = put("k", "one");
        memories.createNamespace(alice, NewNamespace.of("other"), UNLIMITED);

        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, NOTES, "nothing"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, "nothing", "k"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, "other", "k"));
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> memories.delete(alice, "other", entry.id().toString()));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, NOTES, "1-1-1-1-1"));
    }

    @Test
    void delete_byTheIdOfAFormerLife_findsNothing() {
        Entry before = put("k", "one");
        memories.delete(alice, NOTES, "k");
        put("k", "two");

        assertFails(
                ErrorCode.NOT_FOUND,
                () -> memories.delete(alice, NOTES, before.id().toString()));
    }

    @Test
    void put_givesManyConcurrentWritersOfOneKeyAVersionEach() {
        int writers = 200;

        var outcomes = together(writers, i -> put("k", "value " + i));

        List<Long> versions = outcomes.stream()
                .map(outcome -> outcome.result() == null ? 0L : outcome.result().version())
                .sorted()
                .toList();
        assertEquals(LongStream.rangeClosed(1, writers).boxed().toList(), versions);
        assertEquals(
                writers, memories.get(alice.account(), NOTES, "k").orElseThrow().version());
        outcomes.forEach(outcome -> {
            Entry written = outcome.result();
            assertTrue(written != null
                    && historyValue("k", written.version())
                            .equals(written.value().asString()));
        });
    }

    @Test
    void put_thatIsRefused_neverFailsItsNeighbours() {
        int writers = 300;

        var outcomes = together(
                writers,
                i -> memories.put(alice, i % 3 == 0 ? "nothing" : NOTES, draft("k" + i, "v" + i), NONE, UNLIMITED));

        assertEquals(writers / 3, count(outcomes, ErrorCode.NOT_FOUND));
        assertEquals(writers - writers / 3, count(outcomes, null));
        assertEquals(writers - writers / 3, entryCount());
    }

    private String historyValue(String key, long version) {
        return memories.history(alice.account(), NOTES, key, 1, version + 1)
                .items()
                .getFirst()
                .value()
                .asString();
    }
}
