package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.Vectorization;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The promise that an entry is gone at the instant its time is up, purged or not (P9).
abstract class TimeToLiveContract extends StoreTopic {
    private static final YearMonth MONTH = YearMonth.of(2026, 1);
    private static final Duration ALMOST = Duration.ofMillis(9_999);
    private static final Duration ONE_MILLI = Duration.ofMillis(1);

    TimeToLiveContract(StoreUnderTest store) {
        super(store);
    }

    private Entry putForTenSeconds(String key, String... tags) {
        return save(draft(key, "v", TimeToLive.seconds(10), tags)).entry();
    }

    @Test
    void everyRead_knowsTheEntryUntilTheLastMillisecond_andNotAfter() {
        putForTenSeconds("k", "tag");
        clock.advance(ALMOST);
        assertNotNull(get("k"));
        assertEquals(List.of("k"), listKeys());
        assertEquals(List.of("k"), listKeys("tag"));
        assertEquals(List.of(1L), historyVersions("k"));
        assertEquals(1, entryCount());
        assertEquals(1, accounts.counts(alice.account(), MONTH).entries());
        assertEquals(1, searchHits("k"));

        clock.advance(ONE_MILLI);

        assertNull(get("k"));
        assertEquals(List.of(), listKeys());
        assertEquals(List.of(), listKeys("tag"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "k", 10, null));
        assertEquals(0, entryCount());
        assertEquals(0, memories.namespaces(alice.account()).getFirst().entryCount());
        assertEquals(0, accounts.counts(alice.account(), MONTH).entries());
        assertEquals(0, searchHits("k"));
    }

    @Test
    void delete_knowsTheEntryUntilTheLastMillisecond_andNotAfter() {
        putForTenSeconds("first");
        Entry second = putForTenSeconds("second");
        Entry third = putForTenSeconds("third");
        clock.advance(ALMOST);
        memories.delete(alice, NOTES, "first");
        memories.delete(alice, NOTES, second.id().toString());

        clock.advance(ONE_MILLI);

        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, NOTES, "third"));
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> memories.delete(alice, NOTES, third.id().toString()));
    }

    @Test
    void embeddingWork_endsWithTheEntry() {
        Entry entry = memories.put(alice, NOTES, draft("k", "v", TimeToLive.seconds(10)), PENDING, UNLIMITED)
                .entry();
        clock.advance(ALMOST);
        assertEquals(1, memories.pending(10).size());
        assertEquals(new EmbeddingBacklog(1, 0), memories.embeddingBacklog());

        clock.advance(ONE_MILLI);

        assertEquals(List.of(), memories.pending(10));
        assertEquals(new EmbeddingBacklog(0, 0), memories.embeddingBacklog());
        memories.completeEmbedding(entry.id(), 1, new Vectorization.Ready(MODEL, List.of(new float[] {1, 0, 0})));
        assertEquals(List.of(), memories.models());
    }

    @Test
    void whatHasExpired_isNoWork_andOfNoModel() {
        memories.put(alice, NOTES, draft("old", "v", TimeToLive.seconds(10)), PENDING, UNLIMITED);
        var ready = new Vectorization.Ready(MODEL, List.of(new float[] {1, 0, 0}));
        memories.put(alice, NOTES, draft("ready", "v", TimeToLive.seconds(10)), ready, UNLIMITED);
        clock.advance(ALMOST);
        memories.put(alice, NOTES, draft("new", "v"), PENDING, UNLIMITED);
        assertEquals(1, memories.models().size());

        clock.advance(ONE_MILLI);

        assertEquals(List.of(), memories.models());
        assertEquals(
                List.of("new"),
                memories.pending(1).stream().map(job -> job.entry().key()).toList());
    }

    @Test
    void aPut_beforeTheEnd_isAnUpdate() {
        Entry before = putForTenSeconds("k");
        clock.advance(ALMOST);

        Saved saved = save(draft("k", "w"));

        assertEquals(before.id(), saved.entry().id());
        assertEquals(2, saved.entry().version());
    }

    @Test
    void aPut_afterTheEnd_createsAnew_andLeavesNothingOfTheOldOne() {
        Entry before = putForTenSeconds("k", "old");
        save(draft("k", "newer", "old"));
        clock.advance(Duration.ofSeconds(10));

        Saved saved = save(draft("k", "anew"));

        assertTrue(saved.created());
        assertNotEquals(before.id(), saved.entry().id());
        assertEquals(3, saved.entry().version());
        assertNull(saved.entry().expiresAt());
        assertEquals(clock.instant(), saved.entry().createdAt());
        assertEquals(List.of(3L), historyVersions("k"));
        assertEquals(List.of(), listKeys("old"));
        assertEquals(1, entryCount());
    }

    @Test
    void keep_leavesTheDeadlineOfAnEntry() {
        putForTenSeconds("k");
        clock.advance(Duration.ofSeconds(4));

        Entry kept = save(draft("k", "w", TimeToLive.KEEP)).entry();

        assertEquals(10L, kept.ttlSeconds());
        assertEquals(START.plusSeconds(10), kept.expiresAt());
    }

    @Test
    void keep_givesANewEntryNoDeadline() {
        Entry entry = save(draft("k", "v", TimeToLive.KEEP)).entry();

        assertNull(entry.ttlSeconds());
        assertNull(entry.expiresAt());
    }

    @Test
    void keep_afterADelete_doesNotInheritADeadline() {
        putForTenSeconds("k");
        memories.delete(alice, NOTES, "k");

        assertNull(save(draft("k", "v", TimeToLive.KEEP)).entry().expiresAt());
    }

    @Test
    void never_removesTheDeadline() {
        putForTenSeconds("k");

        Entry freed = save(draft("k", "v", TimeToLive.NEVER)).entry();

        assertNull(freed.ttlSeconds());
        assertNull(freed.expiresAt());
        clock.advance(Duration.ofDays(4000));
        assertNotNull(get("k"));
    }

    @Test
    void seconds_setTheDeadlineAnew() {
        putForTenSeconds("k");
        clock.advance(Duration.ofSeconds(9));

        Entry renewed = save(draft("k", "v", TimeToLive.seconds(2))).entry();

        assertEquals(2L, renewed.ttlSeconds());
        assertEquals(START.plusSeconds(11), renewed.expiresAt());
        assertEquals(renewed, get("k"));
    }

    @Test
    void purgeExpired_erasesWhatIsDue_firstThingsFirst_upToTheLimit() {
        for (int i = 5; i >= 1; i--) {
            save(draft("k" + i, "v", TimeToLive.seconds(i), "tag"));
        }
        put("stays", "v");
        clock.advance(Duration.ofSeconds(4));

        assertEquals(3, memories.purgeExpired(3));
        assertEquals(1, memories.purgeExpired(3));
        assertEquals(0, memories.purgeExpired(3));

        assertEquals(Set.of("stays", "k5"), Set.copyOf(listKeys()));
        assertEquals(2, entryCount());
        assertEquals(2, accounts.counts(alice.account(), MONTH).entries());
    }

    @Test
    void purgeExpired_keepsTheVersionCounter() {
        Entry before = putForTenSeconds("k", "old");
        clock.advance(Duration.ofSeconds(10));
        memories.purgeExpired(10);

        Saved saved = save(draft("k", "anew"));

        assertTrue(saved.created());
        assertEquals(2, saved.entry().version());
        assertNotEquals(before.id(), saved.entry().id());
        assertEquals(List.of(2L), historyVersions("k"));
        assertEquals(List.of(), listKeys("old"));
    }

    @Test
    void purgeExpired_worksForAllAccounts() {
        memories.createNamespace(bob, NewNamespace.of("bobs"), UNLIMITED);
        memories.put(bob, "bobs", draft("k", "v", TimeToLive.seconds(10)), PENDING, UNLIMITED);
        putForTenSeconds("k");
        clock.advance(Duration.ofSeconds(10));

        assertEquals(2, memories.purgeExpired(10));
    }

    private int searchHits(String key) {
        return memories.search(Queries.keyOnly(alice.account(), Set.of(NOTES), key), Queries.BY_KEY)
                .size();
    }
}
