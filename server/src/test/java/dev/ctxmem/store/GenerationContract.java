package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.Generations.Count;
import dev.ctxmem.memory.Generations.Portion;
import dev.ctxmem.memory.Generations.Vectored;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import dev.ctxmem.memory.Vectorization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// [Generations]: a second generation of vectors grows beside the first, and takes its place.
abstract class GenerationContract extends StoreTopic {
    private static final EmbeddingModel NEXT = new EmbeddingModel("next-model", 4);
    private static final float[] OLD_VECTOR = {1, 0, 0};
    private static final float[] NEW_VECTOR = {0, 0, 0, 1};

    GenerationContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void lacking_goesThroughAllLiveEntriesOfAllAccounts() {
        for (int i = 0; i < 5; i++) {
            ready("k" + i);
        }
        memories.createNamespace(bob, NewNamespace.of(NOTES), UNLIMITED);
        memories.put(bob, NOTES, draft("bobs", "v"), NONE, UNLIMITED);
        ready("deleted");
        memories.delete(alice, NOTES, "deleted");
        memories.put(alice, NOTES, draft("expired", "v", TimeToLive.seconds(1)), NONE, UNLIMITED);
        clock.advance(Duration.ofSeconds(1));
        assertEquals(new Count(6, 0), generations.count(NEXT));
        assertEquals(new Count(6, 5), generations.count(MODEL));
        assertEquals(List.of("bobs", "k0", "k1", "k2", "k3", "k4"), pass(NEXT));
        assertEquals(List.of("bobs"), pass(MODEL));
    }

    @Test
    void whileTheNextGenerationGrows_bothModelsFindWhatTheyHave() {
        Entry first = ready("first");
        ready("second");
        generations.add(NEXT, List.of(new Vectored(alice.account(), first.id(), 1, List.of(NEW_VECTOR))));
        assertEquals(List.of("first", "second"), found(MODEL, OLD_VECTOR));
        assertEquals(List.of("first"), found(NEXT, NEW_VECTOR));
        assertEquals(new Count(2, 1), generations.count(NEXT));
        assertEquals(List.of("second"), pass(NEXT));
        assertEquals(EmbeddingState.READY, get("first").embedding());
        assertEquals(1, get("first").version());
    }

    @Test
    void vectorsOfAnOlderVersion_areNotTaken() {
        Entry entry = ready("k");
        ready("k");
        generations.add(NEXT, List.of(new Vectored(alice.account(), entry.id(), 1, List.of(NEW_VECTOR))));
        assertEquals(List.of(), found(NEXT, NEW_VECTOR));
        assertEquals(List.of("k"), pass(NEXT));
    }

    @Test
    void aWrite_forgetsBothGenerations() {
        Entry entry = ready("k");
        generations.add(NEXT, List.of(new Vectored(alice.account(), entry.id(), 1, List.of(NEW_VECTOR))));
        memories.put(alice, NOTES, draft("k", "again"), NONE, UNLIMITED);
        assertEquals(List.of(), found(NEXT, NEW_VECTOR));
        assertEquals(List.of(), found(MODEL, OLD_VECTOR));
        Entry other = ready("other");
        generations.add(NEXT, List.of(new Vectored(alice.account(), other.id(), 1, List.of(NEW_VECTOR))));
        memories.delete(alice, NOTES, "other");
        assertEquals(List.of(), memories.models());
    }

    @Test
    void whatWasAdded_isThereAfterReopening() {
        Entry first = ready("first");
        ready("second");
        generations.add(NEXT, List.of(new Vectored(alice.account(), first.id(), 1, List.of(NEW_VECTOR))));
        reopen();
        assertEquals(List.of("second"), pass(NEXT));
        assertEquals(List.of("first"), found(NEXT, NEW_VECTOR));
    }

    @Test
    void anEntryThatWaited_waitsNoMore() {
        Entry waiting = memories.put(alice, NOTES, draft("waiting", "v"), PENDING, UNLIMITED)
                .entry();
        Entry failed = memories.put(alice, NOTES, draft("failed", "v"), PENDING, UNLIMITED)
                .entry();
        memories.failEmbedding(failed.id(), 1, null);
        Entry empty = memories.put(alice, NOTES, draft("empty", "v"), PENDING, UNLIMITED)
                .entry();
        generations.add(
                NEXT,
                List.of(
                        new Vectored(alice.account(), waiting.id(), 1, List.of(NEW_VECTOR)),
                        new Vectored(alice.account(), failed.id(), 1, List.of(NEW_VECTOR)),
                        new Vectored(alice.account(), empty.id(), 1, List.of())));
        assertEquals(new EmbeddingBacklog(0, 0), memories.embeddingBacklog());
        assertEquals(List.of(), memories.pending(10));
        assertEquals(EmbeddingState.READY, get("empty").embedding());
        assertEquals(List.of("failed", "waiting"), found(NEXT, NEW_VECTOR));
    }

    @Test
    void theSwitch_leavesNothingWithoutAWay() {
        Entry done = ready("done");
        ready("late");
        put("words", "never had vectors");
        generations.add(NEXT, List.of(new Vectored(alice.account(), done.id(), 1, List.of(NEW_VECTOR))));
        generations.switchTo(NEXT, "moved");
        assertEquals("moved", accounts.setting(Generations.SETTING).orElseThrow());
        assertEquals(List.of("done"), found(NEXT, NEW_VECTOR));
        assertEquals(
                List.of("late"),
                memories.pending(10).stream()
                        .map(pending -> pending.entry().key())
                        .toList());
        Entry late = get("late");
        memories.completeEmbedding(late.id(), 1, new Vectorization.Ready(NEXT, List.of(NEW_VECTOR)));
        assertEquals(List.of("done", "late"), found(NEXT, NEW_VECTOR));
        assertEquals(EmbeddingState.READY, get("words").embedding());
    }

    @Test
    void afterTheSwitch_theOldGenerationGoesInPortions() {
        for (int i = 0; i < 5; i++) {
            Entry entry = ready("k" + i);
            generations.add(
                    NEXT, List.of(new Vectored(alice.account(), entry.id(), 1, List.of(NEW_VECTOR, NEW_VECTOR))));
        }
        generations.switchTo(NEXT, "moved");
        Entry straggler = ready("straggler");
        var changed = new ArrayList<Integer>();
        int last = generations.dropOthers(NEXT, 2);
        while (last > 0) {
            changed.add(last);
            last = generations.dropOthers(NEXT, 2);
        }
        assertEquals(List.of(2, 2, 2), changed);
        assertEquals(List.of(new StoredModel(NEXT, 5)), memories.models());
        assertEquals(List.of(), found(MODEL, OLD_VECTOR));
        assertEquals(5, found(NEXT, NEW_VECTOR).size());
        assertEquals(EmbeddingState.PENDING, get("straggler").embedding());
        assertEquals(straggler.id(), memories.pending(10).getFirst().entry().id());
    }

    private Entry ready(String key) {
        var vectors = new Vectorization.Ready(MODEL, List.of(OLD_VECTOR));
        return memories.put(alice, NOTES, draft(key, "v"), vectors, UNLIMITED).entry();
    }

    /// Keys that one pass sees, sorted; in portions of two.
    private List<String> pass(EmbeddingModel model) {
        var keys = new ArrayList<String>();
        Portion portion = generations.lacking(model, null, 2);
        while (true) {
            assertTrue(portion.entries().size() <= 2);
            portion.entries().forEach(entry -> keys.add(entry.entry().key()));
            if (portion.next() == null) {
                break;
            }
            portion = generations.lacking(model, portion.next(), 2);
        }
        assertNull(portion.next());
        return keys.stream().sorted().toList();
    }

    private List<String> found(EmbeddingModel model, float[] vector) {
        return memories.search(Queries.vector(alice.account(), model, vector, 100, 0.9), Queries.BY_COSINE).stream()
                .map(hit -> hit.entry().key())
                .sorted()
                .toList();
    }
}
