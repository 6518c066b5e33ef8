package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.PendingEmbedding;
import dev.ctxmem.memory.Vectorization;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What was answered is there after reopening.
abstract class DurabilityContract extends StoreTopic {
    private static final float[] RIGHT = {1, 0, 0};

    DurabilityContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void whatPutReturnedFor_isThereAfterReopening() {
        put("k", "one");
        Entry entry = put("k", "two", "tag");
        reopen();

        assertEquals(entry, get("k"));
        assertEquals(List.of("k"), listKeys("tag"));
        assertEquals(List.of(2L, 1L), historyVersions("k"));
        assertEquals(3, put("k", "three").version());
    }

    @Test
    void aDelete_isStillOneAfterReopening() {
        put("k", "one");
        memories.delete(alice, NOTES, "k");
        reopen();

        assertEquals(Optional.empty(), memories.get(alice.account(), NOTES, "k"));
        assertEquals(3, put("k", "three").version());
    }

    @Test
    void namespaces_areStillThereAfterReopening() {
        Namespace second = memories.createNamespace(alice, NewNamespace.of("second"), UNLIMITED);
        memories.deleteNamespace(alice, NOTES);
        reopen();

        assertEquals(List.of(second), memories.namespaces(alice.account()));
    }

    @Test
    void deadlines_holdAfterReopening() {
        save(draft("k", "v", TimeToLive.seconds(10)));
        reopen();
        clock.advance(Duration.ofSeconds(10));

        assertEquals(Optional.empty(), memories.get(alice.account(), NOTES, "k"));
        assertEquals(1, memories.purgeExpired(10));
    }

    @Test
    void pendingWork_isStillThereAfterReopening() {
        Entry entry =
                memories.put(alice, NOTES, draft("k", "v"), PENDING, UNLIMITED).entry();
        memories.failEmbedding(entry.id(), 1, 0L);
        reopen();

        assertEquals(List.of(new PendingEmbedding(entry, 1)), memories.pending(10));
    }

    @Test
    void search_findsTheSameAfterReopening() {
        var vector = new Vectorization.Ready(MODEL, List.of(RIGHT));
        memories.put(alice, NOTES, draft("vector", "v"), vector, UNLIMITED);
        put("words", "zebra");
        put("gone", "zebra");
        memories.delete(alice, NOTES, "gone");
        Entry late = memories.put(alice, NOTES, draft("late", "v"), PENDING, UNLIMITED)
                .entry();
        memories.completeEmbedding(late.id(), 1, vector);
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of("late", "vector"), vectorHits());
            assertEquals(List.of("words"), wordHits());
            reopen();
        }
    }

    @Test
    void accounts_keysSettingsAndCounters_areStillThereAfterReopening() {
        accounts.setTier(alice.account(), Tier.PRO);
        accounts.putSetting("name", "value");
        accounts.recordUse(Map.of(), Map.of(alice.account(), 3L), YearMonth.of(2026, 1));
        accounts.revokeKey(bob.account(), bob.key());
        reopen();

        assertEquals(Tier.PRO, accounts.account(alice.account()).orElseThrow().tier());
        assertEquals(Optional.of("value"), accounts.setting("name"));
        assertEquals(3, accounts.counts(alice.account(), YearMonth.of(2026, 1)).requests());
        assertEquals(1, accounts.keys(alice.account()).size());
        assertEquals(List.of(), accounts.keys(bob.account()));
    }

    @Test
    void aClosedStore_refuses() {
        memories.close();

        assertFails(ErrorCode.UNAVAILABLE, () -> put("k", "v"));
        assertFails(ErrorCode.UNAVAILABLE, () -> get("k"));
        assertFails(ErrorCode.UNAVAILABLE, () -> listKeys());
        assertFails(ErrorCode.UNAVAILABLE, () -> memories.ping());
        open();
    }

    @Test
    void close_answersEveryWriteThatWasTaken() {
        var outcomes = together(200, i -> {
            if (i == 100) {
                memories.close();
                return 0L;
            }
            return put("k" + i, "v").version();
        });
        open();

        assertEquals(200, count(outcomes, null) + count(outcomes, ErrorCode.UNAVAILABLE));
        for (int i = 0; i < outcomes.size(); i++) {
            boolean acknowledged = i != 100 && outcomes.get(i).result() != null;
            assertTrue(!acknowledged || get("k" + i) != null);
            assertTrue(acknowledged || get("k" + i) == null);
        }
    }

    private List<String> vectorHits() {
        return memories.search(Queries.vector(alice.account(), MODEL, RIGHT, 10, 0), Queries.BY_COSINE).stream()
                .map(hit -> hit.entry().key())
                .toList();
    }

    private List<String> wordHits() {
        return memories
                .search(Queries.words(alice.account(), Set.of(), List.of(), List.of("zebra")), Queries.BY_COVERAGE)
                .stream()
                .map(hit -> hit.entry().key())
                .toList();
    }
}
