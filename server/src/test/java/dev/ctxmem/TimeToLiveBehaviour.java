package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import dev.ctxmem.core.TimeToLive;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Expiry is exact to the millisecond on the system's clock; the margins here leave room for a clock that
/// ticks.
interface TimeToLiveBehaviour extends Doors {
    Duration LIFE = Duration.ofMinutes(10);
    Duration ALMOST = LIFE.minusMinutes(1);
    Duration REST = Duration.ofMinutes(1);

    @Test
    default void aTimeToLive_isCountedFromTheWriteThatSetIt() {
        Entry entry = put(account(), "k", TimeToLive.seconds(600));

        assertEquals(600L, entry.ttlSeconds());
        assertEquals(entry.updatedAt().plus(LIFE), entry.expiresAt());
    }

    @Test
    default void anExpiredEntry_isGoneForEveryVerb() {
        Memories memories = account();
        put(memories, "zebra", TimeToLive.seconds(600));

        pass(ALMOST);
        assertEquals("zebra", memories.get(NS, "zebra").key());
        pass(REST);

        fails(NOT_FOUND, () -> memories.get(NS, "zebra"));
        fails(NOT_FOUND, () -> memories.history(NS, "zebra", HistoryOptions.DEFAULT));
        fails(NOT_FOUND, () -> memories.delete(NS, "zebra"));
        assertEquals(List.of(), keys(memories));
        assertEquals(
                List.of(), memories.searchText(new TextQuery("zebra", NS, 10)).results());
        assertEquals(
                List.of(),
                memories.search(new SearchQuery("zebra", NS, 10, 0, List.of(), false))
                        .results());
    }

    @Test
    default void aKeyThatExpired_isCreatedAnewWithItsNextVersion() {
        Memories memories = account();
        Entry before = put(memories, "k", TimeToLive.seconds(600));
        pass(LIFE);

        var again = memories.put(NS, EntryDraft.of("k", Json.parse("2")));

        assertTrue(again.created());
        assertNotEquals(before.id(), again.entry().id());
        assertTrue(again.entry().version() > before.version());
        assertNull(again.entry().expiresAt());
    }

    @Test
    default void aWriteThatKeeps_leavesTheDeadline() {
        Memories memories = account();
        Entry before = put(memories, "k", TimeToLive.seconds(600));
        pass(ALMOST);

        Entry kept = put(memories, "k", TimeToLive.KEEP);
        assertEquals(before.expiresAt(), kept.expiresAt());
        assertEquals(600L, kept.ttlSeconds());
        pass(REST);

        fails(NOT_FOUND, () -> memories.get(NS, "k"));
    }

    @Test
    default void aWriteWithATimeToLive_setsTheDeadlineAnew() {
        Memories memories = account();
        put(memories, "k", TimeToLive.seconds(600));
        pass(ALMOST);
        put(memories, "k", TimeToLive.seconds(600));
        pass(ALMOST);

        assertEquals(2, memories.get(NS, "k").version());
        pass(REST);
        fails(NOT_FOUND, () -> memories.get(NS, "k"));
    }

    @Test
    default void aWriteThatLiftsTheDeadline_letsTheEntryStay() {
        Memories memories = account();
        put(memories, "k", TimeToLive.seconds(600));

        Entry lifted = put(memories, "k", TimeToLive.NEVER);
        assertNull(lifted.ttlSeconds());
        assertNull(lifted.expiresAt());
        pass(LIFE.multipliedBy(2));

        assertEquals(2, memories.get(NS, "k").version());
    }
}
