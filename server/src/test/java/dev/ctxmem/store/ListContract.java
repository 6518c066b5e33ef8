package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.memory.Page;
import dev.ctxmem.memory.Vectorization;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Lists of entries: newest update first, by tags, page by page.
abstract class ListContract extends StoreTopic {
    ListContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void list_hasTheNewestUpdateFirst() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        put("a", "4");

        assertEquals(List.of("a", "c", "b"), listKeys());
    }

    @Test
    void list_isAboutOneNamespace() {
        memories.createNamespace(alice, NewNamespace.of("other"), UNLIMITED);
        put("here", "1");
        memories.put(alice, "other", draft("there", "2"), NONE, UNLIMITED);

        assertEquals(List.of("here"), listKeys());
    }

    @Test
    void list_refusesAnUnknownNamespace() {
        assertFails(ErrorCode.NOT_FOUND, () -> memories.list(alice.account(), "nothing", List.of(), 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.list(alice.account(), "nothing", List.of("tag"), 10, null));
    }

    @Test
    void list_returnsWholeEntries() {
        Entry entry = put("k", "v", "tag");

        assertEquals(
                List.of(entry),
                memories.list(alice.account(), NOTES, List.of(), 10, null).items());
        assertEquals(
                List.of(entry),
                memories.list(alice.account(), NOTES, List.of("tag"), 10, null).items());
    }

    @Test
    void pages_haveEachEntryOnce() {
        IntStream.range(0, 23).forEach(i -> put("k" + i, "v", i % 2 == 0 ? "even" : "odd"));
        List<String> newestFirst =
                IntStream.range(0, 23).mapToObj(i -> "k" + (22 - i)).toList();

        for (int limit : List.of(1, 2, 5, 22, 23, 24, 100)) {
            assertEquals(newestFirst, keys(limit));
        }
        assertEquals(
                newestFirst.stream()
                        .filter(key -> Integer.parseInt(key.substring(1)) % 2 == 0)
                        .toList(),
                keys(5, "even"));
    }

    @Test
    void theLastPage_saysSo_evenWhenItIsFull() {
        put("a", "1");
        put("b", "2");

        Page<Entry> page = memories.list(alice.account(), NOTES, List.of(), 2, null);

        assertEquals(2, page.items().size());
        assertNull(page.next());
    }

    @Test
    void pages_goOnWhereTheyWere_whenEntriesChangeMeanwhile() {
        IntStream.range(0, 6).forEach(i -> put("k" + i, "v"));
        Page<Entry> first = memories.list(alice.account(), NOTES, List.of(), 2, null);
        put("k3", "moves to the front");
        put("new", "comes to the front");

        Page<Entry> rest = memories.list(alice.account(), NOTES, List.of(), 100, first.next());

        assertEquals(
                List.of("k2", "k1", "k0"), rest.items().stream().map(Entry::key).toList());
    }

    @Test
    void pages_ofLargeValues_endEarly_andLoseNothing() {
        String large = "x".repeat(Limits.VALUE_BYTES_MAX);
        IntStream.range(0, 12).forEach(i -> put("k" + i, large));

        Page<Entry> page = memories.list(alice.account(), NOTES, List.of(), 100, null);

        assertTrue(page.items().size() < 12 && page.next() != null);
        assertEquals(IntStream.range(0, 12).mapToObj(i -> "k" + (11 - i)).toList(), keys(100));
    }

    @Test
    void tags_mustAllBeThere() {
        put("ab", "1", "a", "b");
        put("abc", "2", "c", "b", "a");
        put("a", "3", "a");
        put("none", "4");

        assertEquals(List.of("a", "abc", "ab"), listKeys("a"));
        assertEquals(List.of("abc", "ab"), listKeys("b", "a"));
        assertEquals(List.of("abc"), listKeys("a", "b", "c"));
        assertEquals(List.of(), listKeys("a", "d"));
        assertEquals(List.of(), listKeys("d", "a"));
    }

    @Test
    void tags_areComparedBytewise() {
        put("k", "v", "Tag", "t'ag", "caf\u00e9", "%", "[\"x\"]");

        assertEquals(List.of("k"), listKeys("Tag", "t'ag", "caf\u00e9", "%", "[\"x\"]"));
        assertEquals(List.of(), listKeys("tag"));
        assertEquals(List.of(), listKeys("cafe\u0301"));
    }

    @Test
    void tags_followTheEntry() {
        put("k", "v", "old", "both");
        put("k", "v", "both", "new");

        assertEquals(List.of(), listKeys("old"));
        assertEquals(List.of("k"), listKeys("both"));
        assertEquals(List.of("k"), listKeys("new"));

        memories.delete(alice, NOTES, "k");

        assertEquals(List.of(), listKeys("both"));
    }

    @Test
    void aFinishedEmbedding_doesNotMoveAnEntry() {
        Entry first = memories.put(alice, NOTES, draft("first", "v"), PENDING, UNLIMITED)
                .entry();
        put("second", "v");

        memories.completeEmbedding(first.id(), 1, new Vectorization.Ready(MODEL, List.of(new float[] {1, 0, 0})));

        assertEquals(List.of("second", "first"), listKeys());
    }

    private List<String> keys(int limit, String... tags) {
        return all(after -> memories.list(alice.account(), NOTES, List.of(tags), limit, after)).stream()
                .map(Entry::key)
                .toList();
    }
}
