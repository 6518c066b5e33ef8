package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import dev.ctxmem.memory.PendingEmbedding;
import dev.ctxmem.memory.Vectorization;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Vectors that come with a write, or later.
abstract class EmbeddingContract extends StoreTopic {
    private static final Vectorization.Ready RIGHT = new Vectorization.Ready(MODEL, List.of(new float[] {1, 0, 0}));
    private static final Vectorization.Ready UP = new Vectorization.Ready(MODEL, List.of(new float[] {0, 1, 0}));
    private static final long RETRY_MILLIS = 5_000;

    EmbeddingContract(StoreUnderTest store) {
        super(store);
    }

    private Entry putPending(String key) {
        return memories.put(alice, NOTES, draft(key, "v"), PENDING, UNLIMITED).entry();
    }

    private EmbeddingState state(String key) {
        return memories.get(alice.account(), NOTES, key).orElseThrow().embedding();
    }

    /// Cosine with (1, 0, 0), or −2 without a vector.
    private double cosine(String key) {
        var query = Queries.vector(alice.account(), MODEL, new float[] {1, 0, 0}, 100, 0);
        return memories.search(query, Queries.BY_COSINE).stream()
                .filter(hit -> hit.entry().key().equals(key))
                .mapToDouble(hit -> hit.similarity() * 2 - 1)
                .findFirst()
                .orElse(-2);
    }

    @Test
    void aWrite_withItsVectors_isReady() {
        Entry entry =
                memories.put(alice, NOTES, draft("k", "v"), RIGHT, UNLIMITED).entry();

        assertEquals(EmbeddingState.READY, entry.embedding());
        assertEquals(1, cosine("k"), 1e-9);
        assertEquals(List.of(), memories.pending(10));
    }

    @Test
    void aWrite_withoutVectors_waits() {
        Entry entry = putPending("k");

        assertEquals(EmbeddingState.PENDING, entry.embedding());
        assertEquals(List.of(new PendingEmbedding(entry, 0)), memories.pending(10));
        assertEquals(new EmbeddingBacklog(1, 0), memories.embeddingBacklog());
    }

    @Test
    void aWrite_withoutAnEmbedder_waitsForNothing() {
        assertEquals(EmbeddingState.READY, put("k", "v").embedding());
        assertEquals(List.of(), memories.pending(10));
    }

    @Test
    void completeEmbedding_makesTheEntryReady_withoutANewVersion() {
        Entry entry = putPending("k");

        memories.completeEmbedding(entry.id(), 1, RIGHT);

        assertEquals(EmbeddingState.READY, state("k"));
        assertEquals(1, cosine("k"), 1e-9);
        assertEquals(List.of(1L), historyVersions("k"));
        assertEquals(List.of(), memories.pending(10));
        assertEquals(new EmbeddingBacklog(0, 0), memories.embeddingBacklog());
    }

    @Test
    void completeEmbedding_ofAnOlderVersion_doesNothing() {
        Entry first = putPending("k");
        Entry second = putPending("k");

        memories.completeEmbedding(first.id(), 1, RIGHT);

        assertEquals(EmbeddingState.PENDING, state("k"));
        assertEquals(List.of(new PendingEmbedding(second, 0)), memories.pending(10));
        assertEquals(-2, cosine("k"));
    }

    @Test
    void completeEmbedding_ofWhatIsNotPending_doesNothing() {
        Entry ready = memories.put(alice, NOTES, draft("ready", "v"), RIGHT, UNLIMITED)
                .entry();
        Entry deleted = putPending("deleted");
        memories.delete(alice, NOTES, "deleted");

        memories.completeEmbedding(ready.id(), 1, UP);
        memories.completeEmbedding(deleted.id(), 1, UP);
        memories.completeEmbedding(deleted.id(), 2, UP);
        memories.completeEmbedding(UUID.randomUUID(), 1, UP);

        assertEquals(1, cosine("ready"), 1e-9);
        assertEquals(List.of(new StoredModel(MODEL, 1)), memories.models());
    }

    @Test
    void failEmbedding_postpones_andCounts() {
        Entry entry = putPending("k");

        memories.failEmbedding(entry.id(), 1, RETRY_MILLIS);

        clock.advance(Duration.ofMillis(RETRY_MILLIS - 1));
        assertEquals(List.of(), memories.pending(10));
        assertEquals(new EmbeddingBacklog(1, 0), memories.embeddingBacklog());
        clock.advance(Duration.ofMillis(1));
        assertEquals(List.of(new PendingEmbedding(entry, 1)), memories.pending(10));
        memories.failEmbedding(entry.id(), 1, 0L);
        assertEquals(List.of(new PendingEmbedding(entry, 2)), memories.pending(10));
    }

    @Test
    void failEmbedding_forGood_ends() {
        Entry entry = putPending("k");

        memories.failEmbedding(entry.id(), 1, null);

        assertEquals(EmbeddingState.FAILED, state("k"));
        assertEquals(new EmbeddingBacklog(0, 1), memories.embeddingBacklog());
        clock.advance(Duration.ofDays(100));
        assertEquals(List.of(), memories.pending(10));
        memories.completeEmbedding(entry.id(), 1, RIGHT);
        assertEquals(EmbeddingState.FAILED, state("k"));
    }

    @Test
    void failEmbedding_ofAnOlderVersion_doesNothing() {
        Entry first = putPending("k");
        Entry second = putPending("k");

        memories.failEmbedding(first.id(), 1, null);
        memories.failEmbedding(first.id(), 1, RETRY_MILLIS);

        assertEquals(List.of(new PendingEmbedding(second, 0)), memories.pending(10));
    }

    @Test
    void aNewWrite_startsOver() {
        Entry first = putPending("k");
        memories.failEmbedding(first.id(), 1, null);

        Entry second = putPending("k");

        assertEquals(List.of(new PendingEmbedding(second, 0)), memories.pending(10));
        assertEquals(new EmbeddingBacklog(1, 0), memories.embeddingBacklog());
    }

    @Test
    void aNewWrite_leavesNoOldVectors() {
        memories.put(alice, NOTES, draft("k", "v"), RIGHT, UNLIMITED);

        putPending("k");

        assertEquals(-2, cosine("k"));
        assertEquals(List.of(), memories.models());
        memories.put(alice, NOTES, draft("k", "v"), UP, UNLIMITED);
        assertEquals(0, cosine("k"), 1e-9);
        assertEquals(List.of(), memories.pending(10));
        memories.put(alice, NOTES, draft("k", "v"), NONE, UNLIMITED);
        assertEquals(-2, cosine("k"));
    }

    @Test
    void pending_isOldestFirst_upToTheLimit_acrossAccounts() {
        memories.createNamespace(bob, NewNamespace.of(NOTES), UNLIMITED);
        putPending("a");
        clock.advance(Duration.ofMillis(1));
        memories.put(bob, NOTES, draft("b", "v"), PENDING, UNLIMITED);
        clock.advance(Duration.ofMillis(1));
        Entry third = putPending("c");

        assertEquals(List.of("a", "b", "c"), pendingKeys(10));
        assertEquals(List.of("a", "b"), pendingKeys(2));
        memories.completeEmbedding(third.id(), 1, RIGHT);
        assertEquals(List.of("a", "b"), pendingKeys(10));
    }

    @Test
    void models_areCountedByTheirEntries() {
        var other = new EmbeddingModel("other-model", 2);
        memories.put(alice, NOTES, draft("a", "v"), RIGHT, UNLIMITED);
        memories.put(alice, NOTES, draft("b", "v"), UP, UNLIMITED);
        memories.put(
                alice,
                NOTES,
                draft("c", "v"),
                new Vectorization.Ready(other, List.of(new float[] {1, 0}, new float[] {0, 1})),
                UNLIMITED);

        assertEquals(List.of(new StoredModel(MODEL, 2), new StoredModel(other, 1)), memories.models());
        memories.delete(alice, NOTES, "a");
        memories.delete(alice, NOTES, "c");
        assertEquals(List.of(new StoredModel(MODEL, 1)), memories.models());
    }

    private List<String> pendingKeys(int limit) {
        return memories.pending(limit).stream()
                .map(pending -> pending.entry().key())
                .toList();
    }
}
