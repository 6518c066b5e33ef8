package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.INVALID_CURSOR;
import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.TimeToLive;
import java.util.List;
import org.junit.jupiter.api.Test;

interface HistoryBehaviour extends Doors {
    @Test
    default void history_hasEveryVersion_newestFirst_withTheCurrentOne() {
        Memories memories = account();
        var first = new EntryDraft(
                "k", Json.parse("1.50"), List.of("t"), Json.parse("{\"a\":1}"), 0.25, TimeToLive.seconds(600));
        var written = memories.put(NS, first).entry();
        memories.put(NS, EntryDraft.of("k", Json.parse("\"two\"")));

        List<EntryVersion> history = history(memories, "k");

        assertEquals(
                List.of(2L, 1L), history.stream().map(EntryVersion::version).toList());
        assertEquals("\"two\"", history.getFirst().value().text());
        EntryVersion oldest = history.getLast();
        assertEquals("1.50", oldest.value().text());
        assertEquals(List.of("t"), oldest.tags());
        assertEquals("{\"a\":1}", oldest.metadata().text());
        assertEquals(0.25, oldest.importance());
        assertEquals(600L, oldest.ttlSeconds());
        assertEquals(written.updatedAt(), oldest.changedAt());
        assertFalse(oldest.deleted());
    }

    @Test
    default void versions_tellWhoWroteThem() {
        Memories memories = account();
        put(memories, "k", "1");

        EntryVersion version = history(memories, "k").getFirst();

        assertEquals(memories.keys().getFirst().id(), version.keyId());
        assertNotNull(version.requestId());
    }

    @Test
    default void aDeletion_isAVersion() {
        Memories memories = account();
        put(memories, "k", "1");
        memories.delete(NS, "k");
        put(memories, "k", "3");

        List<EntryVersion> history = history(memories, "k");

        assertEquals(
                List.of(3L, 2L, 1L), history.stream().map(EntryVersion::version).toList());
        assertTrue(history.get(1).deleted());
        assertTrue(history.get(1).value().isNull());
        assertFalse(history.get(0).deleted());
    }

    @Test
    default void history_comesInPages() {
        Memories memories = account();
        for (int i = 1; i <= 5; i++) {
            put(memories, "k", Integer.toString(i));
        }

        HistoryPage first = memories.history(NS, "k", new HistoryOptions(3, null));
        HistoryPage second = memories.history(NS, "k", new HistoryOptions(3, first.nextCursor()));

        assertEquals(List.of(5L, 4L, 3L), versions(first));
        assertEquals(List.of(2L, 1L), versions(second));
        assertNull(second.nextCursor());
    }

    @Test
    default void historyCursors_areOfTheirEntry() {
        Memories memories = account();
        for (String key : List.of("a", "a", "b", "b")) {
            put(memories, key, "1");
        }
        String cursor = memories.history(NS, "a", new HistoryOptions(1, null)).nextCursor();
        assertNotNull(cursor);

        fails(INVALID_CURSOR, () -> memories.history(NS, "b", new HistoryOptions(1, cursor)));
    }

    @Test
    default void history_ofAMissingEntry_isNotFound() {
        Memories memories = account();

        fails(NOT_FOUND, () -> history(memories, "missing"));
        fails(NOT_FOUND, () -> memories.history("missing", "k", HistoryOptions.DEFAULT));
    }

    private static List<EntryVersion> history(Memories memories, String key) {
        return memories.history(NS, key, HistoryOptions.DEFAULT).history();
    }

    private static List<Long> versions(HistoryPage page) {
        return page.history().stream().map(EntryVersion::version).toList();
    }
}
