package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.INVALID_CURSOR;
import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.NewNamespace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

interface ListBehaviour extends Doors {
    @Test
    default void list_hasTheNewestUpdateFirst() {
        Memories memories = account();
        for (String key : List.of("a", "b", "c")) {
            put(memories, key, "1");
        }
        put(memories, "a", "2");

        assertEquals(List.of("a", "c", "b"), keys(memories));
    }

    @Test
    default void list_givesWholeEntries() {
        Memories memories = account();
        tagged(memories, "k", "t");

        Entry listed = memories.list(NS, ListOptions.DEFAULT).entries().getFirst();

        assertEquals("\"k\"", listed.value().text());
        assertEquals(List.of("t"), listed.tags());
        assertEquals(NS, listed.namespace());
    }

    @Test
    default void list_ofTags_hasEntriesWithAllOfThem() {
        Memories memories = account();
        tagged(memories, "both", "a b", "c&d");
        tagged(memories, "one", "a b");
        tagged(memories, "none");

        assertEquals(List.of("one", "both"), tagged(memories, List.of("a b")));
        assertEquals(List.of("both"), tagged(memories, List.of("c&d", "a b")));
        assertEquals(List.of(), tagged(memories, List.of("a")));
    }

    @Test
    default void pages_haveEveryEntryOnce_andTheLastOneEnds() {
        Memories memories = account();
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            put(memories, key, "1");
        }

        assertEquals(List.of(List.of("f", "e", "d", "c"), List.of("b", "a")), pages(memories, 4));
        assertEquals(List.of(List.of("f", "e", "d"), List.of("c", "b", "a")), pages(memories, 3));
    }

    @Test
    default void pages_goOnWhereTheyWere_whateverIsWrittenInBetween() {
        Memories memories = account();
        for (String key : List.of("a", "b", "c", "d")) {
            put(memories, key, "1");
        }
        EntryPage first = memories.list(NS, new ListOptions(List.of(), 2, null));

        put(memories, "e", "1");
        memories.delete(NS, "c");

        EntryPage second = memories.list(NS, new ListOptions(List.of(), 2, first.nextCursor()));
        assertEquals(
                List.of("b", "a"), second.entries().stream().map(Entry::key).toList());
        assertNull(second.nextCursor());
    }

    @Test
    default void cursorsOfAnotherList_areRefused() {
        Memories memories = account();
        memories.createNamespace(NewNamespace.of("other"));
        tagged(memories, "a", "t");
        tagged(memories, "b", "t");
        String cursor = memories.list(NS, new ListOptions(List.of(), 1, null)).nextCursor();
        assertNotNull(cursor);

        fails(INVALID_CURSOR, () -> memories.list("other", new ListOptions(List.of(), 1, cursor)));
        fails(INVALID_CURSOR, () -> memories.list(NS, new ListOptions(List.of("t"), 1, cursor)));
        fails(INVALID_CURSOR, () -> memories.list(NS, new ListOptions(List.of(), 1, "nonsense")));
        fails(INVALID_CURSOR, () -> memories.list(NS, new ListOptions(List.of(), 1, cursor + "x")));
        Memories stranger = account();
        fails(INVALID_CURSOR, () -> stranger.list(NS, new ListOptions(List.of(), 1, cursor)));
    }

    @Test
    default void list_ofAMissingNamespace_isNotFound() {
        Memories memories = account();

        fails(NOT_FOUND, () -> memories.list("missing", ListOptions.DEFAULT));
    }

    private static List<String> tagged(Memories memories, List<String> tags) {
        return memories.list(NS, new ListOptions(tags, 10, null)).entries().stream()
                .map(Entry::key)
                .toList();
    }

    private static List<List<String>> pages(Memories memories, int limit) {
        var pages = new ArrayList<List<String>>();
        @Nullable String cursor = null;
        do {
            EntryPage page = memories.list(NS, new ListOptions(List.of(), limit, cursor));
            pages.add(page.entries().stream().map(Entry::key).toList());
            cursor = page.nextCursor();
        } while (cursor != null);
        return pages;
    }
}
