package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.INVALID_KEY;
import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.TimeToLive;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

interface EntryBehaviour extends Doors {
    @Test
    default void put_createsAnEntryThatIsThere() {
        Memories memories = account();
        var draft = new EntryDraft(
                "decision",
                Json.parse("\"use postgres\""),
                List.of("db", "a,b", "db"),
                Json.parse("{\"by\":\"me\"}"),
                0.75,
                TimeToLive.KEEP);

        var saved = memories.put(NS, draft);

        assertTrue(saved.created());
        Entry entry = saved.entry();
        assertEquals(7, entry.id().version());
        assertEquals("decision", entry.key());
        assertEquals("\"use postgres\"", entry.value().text());
        assertEquals(NS, entry.namespace());
        assertEquals(List.of("db", "a,b"), entry.tags());
        assertEquals("{\"by\":\"me\"}", entry.metadata().text());
        assertEquals(0.75, entry.importance());
        assertNull(entry.ttlSeconds());
        assertNull(entry.expiresAt());
        assertEquals(1, entry.version());
        assertEquals(entry.createdAt(), entry.updatedAt());
        assertEquals(saved.entry().value(), memories.get(NS, "decision").value());
        assertEquals(entry.id(), memories.get(NS, "decision").id());
    }

    @Test
    default void put_ofAKeyThatIsThere_writesItsNextVersionAsAWhole() {
        Memories memories = account();
        Entry first = tagged(memories, "k", "old");

        var second = memories.put(NS, EntryDraft.of("k", Json.parse("2")));

        assertFalse(second.created());
        assertEquals(first.id(), second.entry().id());
        assertEquals(2, second.entry().version());
        assertEquals(first.createdAt(), second.entry().createdAt());
        assertEquals(List.of(), second.entry().tags());
        assertEquals("2", memories.get(NS, "k").value().text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "0",
                "-0.0",
                "1.10",
                "\"\"",
                "false",
                "[]",
                "{}",
                "[null,[],{}]",
                "{\"\":{\"a\":[1,2.50,{\"b\":null}]}}",
                "12345678901234567890123456789012345678901234567890.5",
                "1e308",
                "1E-300",
                "\"\\\"\\\\\\n\\t ö 🐘 \\u007f\"",
                "\"' OR 1=1; --\"",
            })
    default void values_comeBackAsTheyWere(String json) {
        Memories memories = account();

        assertEquals(Json.parse(json), put(memories, "k", json).value());
        assertEquals(Json.parse(json), memories.get(NS, "k").value());
    }

    @Test
    default void aValueOfTheLargestSize_comesBack() {
        Memories memories = account();
        Json value = Json.string("x".repeat(Limits.VALUE_BYTES_MAX));

        memories.put(NS, EntryDraft.of("k", value));

        assertEquals(value, memories.get(NS, "k").value());
    }

    @ParameterizedTest
    @MethodSource("dev.ctxmem.EntryBehaviour#strangeKeys")
    default void strangeKeys_areKeysLikeAnyOther(String key) {
        Memories memories = account();

        assertEquals(key, put(memories, key, "1").key());
        assertEquals("1", memories.get(NS, key).value().text());
        put(memories, key, "2");
        assertEquals(
                2, memories.history(NS, key, HistoryOptions.DEFAULT).history().size());
        assertEquals(List.of(key), keys(memories));
        assertEquals(key, memories.delete(NS, key).key());
        fails(NOT_FOUND, () -> memories.get(NS, key));
    }

    static List<String> strangeKeys() {
        return List.of(
                "a/b/c",
                "/",
                "//a//",
                "a/../b",
                "./a",
                "...",
                "history",
                "a/history",
                "search",
                "entries",
                "a%2Fb",
                "100%",
                "a b+c",
                "?a=b#c;d",
                "größe/🐘",
                "e\u0301",
                "'; DROP TABLE entries; --",
                "\u202eabc",
                "k".repeat(Limits.KEY_CHARACTERS_MAX),
                "🐘".repeat(Limits.KEY_CHARACTERS_MAX));
    }

    @Test
    default void keys_areComparedBytewise() {
        Memories memories = account();
        List<String> keys = List.of("é", "e\u0301", "A", "a", "a ", "ß", "ss");
        for (String key : keys) {
            put(memories, key, Json.string(key).text());
        }

        for (String key : keys) {
            assertEquals(Json.string(key), memories.get(NS, key).value());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    default void whatIsNoKey_findsNothing(String key) {
        Memories memories = account();
        put(memories, "k", "1");

        fails(INVALID_KEY, () -> put(memories, key, "1"));
        var codes = Set.of(INVALID_KEY, NOT_FOUND);
        assertTrue(codes.contains(
                assertThrows(MemoryException.class, () -> memories.get(NS, key)).code()));
        assertTrue(codes.contains(assertThrows(MemoryException.class, () -> memories.delete(NS, key))
                .code()));
        assertEquals(List.of("k"), keys(memories));
    }

    @Test
    default void delete_takesTheEntryAway() {
        Memories memories = account();
        Entry entry = put(memories, "k", "1");

        var deleted = memories.delete(NS, "k");

        assertEquals(entry.id(), deleted.id());
        assertEquals("k", deleted.key());
        fails(NOT_FOUND, () -> memories.get(NS, "k"));
        fails(NOT_FOUND, () -> memories.delete(NS, "k"));
        fails(NOT_FOUND, () -> memories.history(NS, "k", HistoryOptions.DEFAULT));
    }

    @Test
    default void delete_worksByIdToo() {
        Memories memories = account();
        Entry entry = put(memories, "k", "1");

        assertEquals("k", memories.delete(NS, entry.id().toString()).key());
        fails(NOT_FOUND, () -> memories.get(NS, "k"));
    }

    @Test
    default void delete_takesAKeyBeforeAnId() {
        Memories memories = account();
        Entry entry = put(memories, "k", "1");
        Entry named = put(memories, entry.id().toString(), "2");

        assertEquals(named.id(), memories.delete(NS, entry.id().toString()).id());
        assertEquals("1", memories.get(NS, "k").value().text());
    }

    @Test
    default void aKeyThatWasDeleted_isCreatedAnewWithItsNextVersion() {
        Memories memories = account();
        Entry before = put(memories, "k", "1");
        memories.delete(NS, "k");

        var again = memories.put(NS, EntryDraft.of("k", Json.parse("2")));

        assertTrue(again.created());
        assertNotEquals(before.id(), again.entry().id());
        assertEquals(3, again.entry().version());
        assertEquals("2", memories.get(NS, "k").value().text());
    }

    @Test
    default void concurrentWritesOfOneKey_areAllVersions() throws Exception {
        Memories memories = account();
        int writers = 8;
        int writesEach = 10;
        Callable<List<Long>> writer = () -> IntStream.range(0, writesEach)
                .mapToObj(i -> put(memories, "k", Integer.toString(i)).version())
                .toList();
        Set<Long> versions;
        try (var threads = Executors.newFixedThreadPool(writers)) {
            var pending = IntStream.range(0, writers)
                    .mapToObj(i -> threads.submit(writer))
                    .toList();
            versions = new TreeSet<>();
            for (var future : pending) {
                versions.addAll(future.get());
            }
        }

        long total = (long) writers * writesEach;
        assertEquals(LongStream.rangeClosed(1, total).boxed().collect(Collectors.toSet()), versions);
        assertEquals(total, memories.get(NS, "k").version());
        assertEquals(
                total,
                memories.history(NS, "k", HistoryOptions.DEFAULT).history().size());
    }
}
