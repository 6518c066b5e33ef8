package dev.ctxmem.store.lucene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.SearchIndex.Candidate;
import dev.ctxmem.store.SearchIndex.Candidates;
import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.store.SearchIndex.Document;
import dev.ctxmem.store.SearchIndex.Query;
import dev.ctxmem.text.EnglishWords;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuceneIndexTest {
    private static final EmbeddingModel PLANE = new EmbeddingModel("plane", 2);
    private static final EmbeddingModel OTHER = new EmbeddingModel("other", 2);
    private static final int TOP = 10;

    @TempDir
    Path directory;

    private final Words words = new EnglishWords();
    private final UUID account = new UUID(7, 1);
    private final UUID neighbour = new UUID(7, 2);
    private LuceneIndex index;
    private long sequence;

    @BeforeEach
    void open() {
        index = LuceneIndex.open(directory, words);
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void anEmptyIndex_hasNoCandidates_andIsDurableAtZero() {
        assertEquals(0, index.durableSequence());
        assertEquals(Map.of(), found(ask("anything", new float[] {1, 0})));
    }

    @Test
    void aCandidate_hasTheStemsItMatches_andItsLength() {
        put(1, "use postgres for the database; a database is what we use");
        Candidates found = ask("what database should I use, or which postgres extension?", null);
        assertEquals(List.of("databas", "use", "postgr", "extens"), stems("database use postgres extension"));
        assertEquals(1, found.documents());
        assertArrayEquals(new long[] {1, 1, 1, 0}, found.frequencies());
        assertEquals(List.of(new Candidate(1, 0b0111, 5)), found.candidates());
    }

    @Test
    void aCandidateByVectorAlone_hasItsMatchesToo() {
        put(1, "cats and dogs", new float[] {1, 0});
        put(2, "dogs", new float[] {0, 1});
        assertEquals(
                new Candidate(1, 0b10, 2),
                found(ask("bird dog", new float[] {1, 0})).get(1L));
    }

    @Test
    void theBestByWords_coverMostOfTheQuestion_andOfEqualOnesTheLongerComeFirst() {
        for (int i = 1; i <= 50; i++) {
            put(i, "common filler");
        }
        put(51, "common rare");
        put(52, "rare");
        put(53, "common filler with many more words than all the other ones have together here");
        assertEquals(Set.of(51L), rows(index.candidates(query(stems("common rare"), null, 1))));
        assertEquals(Set.of(51L, 52L), rows(index.candidates(query(stems("common rare"), null, 2))));
        assertEquals(Set.of(51L, 52L, 53L), rows(index.candidates(query(stems("common rare"), null, 3))));
    }

    @Test
    void anEntryWithManyChunks_isOneCandidate_byItsBestChunk() {
        put(1, "many", new float[] {0, 1}, new float[] {1, 0.1f}, new float[] {1, 0.2f}, new float[] {1, 0.3f});
        put(2, "one", new float[] {1, 1});
        put(3, "far", new float[] {0, -1});
        assertEquals(Set.of(1L, 2L), rows(index.candidates(query(List.of(), new float[] {1, 0}, 2))));
        assertEquals(Set.of(1L), rows(index.candidates(query(List.of(), new float[] {1, 0}, 1))));
        assertEquals(
                new Candidate(1, 1, 1),
                found(index.candidates(query(stems("many"), new float[] {1, 0}, 1)))
                        .get(1L));
        assertEquals(3, ask("many", null).documents());
    }

    @Test
    void aPut_replacesTheEntry_itsChunksIncluded() {
        put(1, "first words", new float[] {1, 0}, new float[] {0.9f, 0.1f});
        put(1, "second", new float[] {0, 1});
        Candidates found = ask("first second words", null);
        assertArrayEquals(new long[] {0, 1, 0}, found.frequencies());
        assertEquals(1, found.documents());
        assertEquals(List.of(new Candidate(1, 0b010, 1)), found.candidates());
        assertEquals(Set.of(1L), rows(index.candidates(query(List.of(), new float[] {1, 0}, TOP))));
    }

    @Test
    void anEntryThatLosesItsVector_isFoundByWordsAlone() {
        put(1, "something", new float[] {1, 0});
        put(1, "something");
        assertEquals(Set.of(), rows(index.candidates(query(List.of(), new float[] {1, 0}, TOP))));
        assertEquals(Set.of(1L), rows(ask("something", null)));
    }

    @Test
    void aRemovedEntry_isGone_fromTheCountsToo() {
        put(1, "red house", new float[] {1, 0});
        put(2, "red car", new float[] {1, 0});
        index.commit();
        apply(new Change.Remove(1));
        Candidates found = ask("red house", new float[] {1, 0});
        assertEquals(1, found.documents());
        assertArrayEquals(new long[] {1, 0}, found.frequencies());
        assertEquals(Set.of(2L), rows(found));
    }

    @Test
    void aRemovedNamespace_takesItsEntriesAlong_andNoOthers() {
        apply(
                new Change.Put(document(1, account, 1, List.of(), "red", List.of())),
                new Change.Put(document(2, account, 2, List.of(), "red", List.of())),
                new Change.Put(document(3, account, 256, List.of(), "red", List.of())));
        apply(new Change.RemoveNamespace(1));
        assertEquals(Set.of(2L, 3L), rows(ask("red", null)));
        apply(new Change.RemoveNamespace(2), new Change.Put(document(2, account, 3, List.of(), "red", List.of())));
        assertEquals(Set.of(2L, 3L), rows(ask("red", null)));
    }

    @Test
    void filters_areAnyNamespaceAndEveryTag_exactly() {
        apply(
                new Change.Put(document(1, account, 1, List.of("a"), "red", List.of())),
                new Change.Put(document(2, account, 2, List.of("a", "b"), "red", List.of())),
                new Change.Put(document(3, account, 3, List.of("A", "b"), "red", List.of())));
        assertEquals(Set.of(1L, 2L), rows(filtered(Set.of(), List.of("a"))));
        assertEquals(Set.of(2L), rows(filtered(Set.of(), List.of("a", "b", "a"))));
        assertEquals(Set.of(2L, 3L), rows(filtered(Set.of(2L, 3L), List.of())));
        assertEquals(Set.of(), rows(filtered(Set.of(1L), List.of("b"))));
        assertEquals(Set.of(), rows(filtered(Set.of(77L), List.of())));
    }

    @Test
    void anotherAccount_changesNeitherAnswersNorCounts() {
        put(1, "red house", new float[] {1, 0.2f});
        put(2, "blue house", new float[] {1, 0.4f});
        Query query = query(stems("red house"), new float[] {1, 0}, TOP);
        Candidates alone = index.candidates(query);
        for (int i = 0; i < 300; i++) {
            apply(new Change.Put(
                    document(100 + i, neighbour, 9, List.of("a"), "red red house", List.of(new float[] {1, 0}))));
        }
        Candidates beside = index.candidates(query);
        assertEquals(found(alone), found(beside));
        assertEquals(alone.documents(), beside.documents());
        assertArrayEquals(alone.frequencies(), beside.frequencies());
        assertEquals(2, beside.documents());
        assertEquals(
                Set.of(),
                rows(index.candidates(
                        new Query(account, Set.of(9L), List.of(), stems("red"), new float[] {1, 0}, PLANE, TOP))));
    }

    @Test
    void vectorsOfAnotherModel_areNeverCompared() {
        put(1, "one", new float[] {1, 0});
        apply(new Change.Put(new Document(2, account, 1, List.of(), "two", OTHER, List.of(new float[] {1, 0}))));
        var wide = new EmbeddingModel("plane", 3);
        apply(new Change.Put(new Document(3, account, 1, List.of(), "three", wide, List.of(new float[] {1, 0, 0}))));
        assertEquals(Set.of(1L), rows(index.candidates(query(List.of(), new float[] {1, 0}, TOP))));
        assertEquals(
                Set.of(2L),
                rows(index.candidates(
                        new Query(account, Set.of(), List.of(), List.of(), new float[] {1, 0}, OTHER, TOP))));
        assertEquals(
                Set.of(3L),
                rows(index.candidates(
                        new Query(account, Set.of(), List.of(), List.of(), new float[] {1, 0, 0}, wide, TOP))));
    }

    @Test
    void aVectorWithoutDirection_isLikeNone() {
        put(1, "zero", new float[] {0, 0});
        put(2, "some", new float[] {0, 0}, new float[] {1, 0});
        assertEquals(Set.of(2L), rows(index.candidates(query(List.of(), new float[] {1, 0}, TOP))));
        assertEquals(Set.of(), rows(index.candidates(query(List.of(), new float[] {0, 0}, TOP))));
        assertEquals(Set.of(1L), rows(index.candidates(query(stems("zero"), new float[] {0, 0}, TOP))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1024, 1536, 2000})
    void vectorsOfAnyDimension_areFound(int dimension) {
        var model = new EmbeddingModel("wide", dimension);
        var vector = new float[dimension];
        vector[dimension - 1] = 1;
        apply(new Change.Put(new Document(1, account, 1, List.of(), "text", model, List.of(vector))));
        assertEquals(
                Set.of(1L),
                rows(index.candidates(new Query(account, Set.of(), List.of(), List.of(), vector, model, TOP))));
    }

    @Test
    void aVectorOfAWrongDimension_isRefused_andTheIndexGoesOn() {
        put(1, "red");
        assertThrows(IllegalArgumentException.class, () -> put(2, "red", new float[] {1, 0, 0}));
        put(3, "red");
        assertEquals(Set.of(1L, 3L), rows(ask("red", null)));
    }

    @Test
    void sixtyFourStems_haveABitEach_andMoreAreRefused() {
        List<String> stems = IntStream.range(0, 64).mapToObj(i -> "s" + i).toList();
        apply(new Change.Put(document(1, account, 1, List.of(), String.join(" ", stems), List.of())));
        assertEquals(
                -1L, found(index.candidates(query(stems, null, TOP))).get(1L).matches());
        List<String> more = IntStream.range(0, 65).mapToObj(i -> "s" + i).toList();
        assertThrows(IllegalArgumentException.class, () -> index.candidates(query(more, null, TOP)));
    }

    @Test
    void everySearch_seesWhatWasAppliedBeforeItBegan_whileManySearchAtOnce() throws Exception {
        var applied = new AtomicLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> searches = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> {
                        long late = 0;
                        while (applied.get() < 400) {
                            long before = applied.get();
                            late += ask("red", null).documents() < before ? 1 : 0;
                        }
                        return late;
                    }))
                    .toList();
            for (long row = 1; row <= 400; row++) {
                put(row, "red");
                applied.set(row);
            }
            for (Future<Long> search : searches) {
                assertEquals(0, search.get());
            }
        }
    }

    /// One whose answer is there before it has to wait succeeds.
    @Test
    void anInterruptedSearch_failsAlone() {
        MemoryException failure = null;
        long row = 0;
        while (failure == null) {
            put(++row, "red");
            Thread.currentThread().interrupt();
            try {
                assertEquals(row, ask("red", null).documents());
            } catch (MemoryException e) {
                failure = e;
            }
            assertTrue(Thread.interrupted());
        }
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        put(++row, "red");
        assertEquals(row, ask("red", null).documents());
    }

    @Test
    void whatWasCommitted_isThereAfterReopening_andNothingElseIsClaimed() {
        put(1, "red", new float[] {1, 0});
        index.commit();
        assertEquals(1, index.durableSequence());
        put(2, "red", new float[] {1, 0});
        assertEquals(1, index.durableSequence());
        index.close();
        open();
        assertEquals(2, index.durableSequence());
        assertEquals(Set.of(1L, 2L), rows(ask("red", new float[] {1, 0})));
    }

    @Test
    void commit_notesTheSequenceOfChangesThatChangedNothing() {
        index.apply(List.of(new Change.Remove(99)), 7);
        index.commit();
        index.apply(List.of(), 8);
        index.commit();
        assertEquals(8, index.durableSequence());
        index.close();
        open();
        assertEquals(8, index.durableSequence());
    }

    @Test
    void clear_forgetsEverything_durably() {
        put(1, "red", new float[] {1, 0});
        index.commit();
        index.clear();
        assertEquals(0, index.durableSequence());
        assertEquals(Set.of(), rows(ask("red", new float[] {1, 0})));
        put(2, "red");
        assertEquals(Set.of(2L), rows(ask("red", null)));
    }

    @Test
    void aDirectoryInUse_isNotOpenedAgain_norHarmed() {
        put(1, "red");
        index.commit();
        assertThrows(UncheckedIOException.class, () -> LuceneIndex.open(directory, words));
        put(2, "red");
        index.commit();
        index.close();
        open();
        assertEquals(Set.of(1L, 2L), rows(ask("red", null)));
    }

    @Test
    void otherRulesForWords_startAnEmptyIndex() {
        put(1, "red");
        index.close();
        var shouting = new Words() {
            @Override
            public List<String> stems(String text) {
                return words.stems(text).stream().map(stem -> stem + "!").toList();
            }

            @Override
            public boolean isContent(String stem) {
                return true;
            }
        };
        index = LuceneIndex.open(directory, shouting);
        assertEquals(0, index.durableSequence());
        assertEquals(0, ask("red", null).documents());
    }

    private void put(long row, String text, float[]... chunks) {
        apply(new Change.Put(document(row, account, 1, List.of(), text, List.of(chunks))));
    }

    private void apply(Change... changes) {
        index.apply(List.of(changes), ++sequence);
    }

    private static Document document(
            long row, UUID account, long namespace, List<String> tags, String text, List<float[]> chunks) {
        return new Document(row, account, namespace, tags, text, chunks.isEmpty() ? null : PLANE, chunks);
    }

    private List<String> stems(String question) {
        return words.queryStems(question);
    }

    private Candidates ask(String question, float @Nullable [] vector) {
        return index.candidates(query(stems(question), vector, TOP));
    }

    private Candidates filtered(Set<Long> namespaces, List<String> tags) {
        return index.candidates(new Query(account, namespaces, tags, stems("red"), null, null, TOP));
    }

    private Query query(List<String> stems, float @Nullable [] vector, int limit) {
        return new Query(account, Set.of(), List.of(), stems, vector, vector == null ? null : PLANE, limit);
    }

    private static Map<Long, Candidate> found(Candidates candidates) {
        return candidates.candidates().stream().collect(Collectors.toMap(Candidate::rowId, Function.identity()));
    }

    private static Set<Long> rows(Candidates candidates) {
        return found(candidates).keySet();
    }
}
