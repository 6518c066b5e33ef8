package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.memory.Vectorization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Searches: what a hit is (P10), what its features are, and which hits come back.
abstract class SearchContract extends StoreTopic {
    private static final float[] RIGHT = {1, 0, 0};

    /// Each followed by a search that must see it.
    private static final int WRITES = Integer.getInteger("ctx.search.writes", 50);

    SearchContract(StoreUnderTest store) {
        super(store);
    }

    private void putAt(String key, float... vector) {
        memories.put(alice, NOTES, draft(key, "v"), new Vectorization.Ready(MODEL, List.of(vector)), UNLIMITED);
    }

    private List<String> keys(CandidateQuery query, Scorer scorer) {
        return memories.search(query, scorer).stream()
                .map(hit -> hit.entry().key())
                .toList();
    }

    private CandidateQuery near(float[] vector, int limit, double threshold) {
        return Queries.vector(alice.account(), MODEL, vector, limit, threshold);
    }

    @Test
    void hits_comeMostSimilarFirst_downToTheThreshold_upToTheLimit() {
        putAt("far", -1, 0, 0);
        putAt("near", 1, 0.1f, 0);
        putAt("same", 1, 0, 0);
        putAt("aside", 0, 1, 0);

        assertEquals(List.of("same", "near", "aside", "far"), keys(near(RIGHT, 10, 0), Queries.BY_COSINE));
        assertEquals(List.of("same", "near", "aside"), keys(near(RIGHT, 10, 0.5), Queries.BY_COSINE));
        assertEquals(List.of("same", "near"), keys(near(RIGHT, 2, 0), Queries.BY_COSINE));
        assertEquals(List.of(), keys(near(RIGHT, 10, 0.5), Queries.scorer(features -> 0.49)));
    }

    @Test
    void hits_ofEqualSimilarity_haveTheNewestUpdateFirst() {
        putAt("a", 1, 0, 0);
        putAt("b", 1, 0, 0);
        putAt("c", 1, 0, 0);
        putAt("a", 1, 0, 0);

        assertEquals(List.of("a", "c", "b"), keys(near(RIGHT, 10, 0), Queries.scorer(features -> 0.5)));
    }

    @Test
    void aHit_isTheWholeEntry() {
        var draft = new EntryDraft(
                "k", Json.parse("{\"a\":1}"), List.of("tag"), Json.parse("{\"b\":2}"), 0.7, TimeToLive.seconds(60));
        memories.put(alice, NOTES, draft, new Vectorization.Ready(MODEL, List.of(RIGHT)), UNLIMITED);

        Hit hit = memories.search(near(RIGHT, 10, 0), Queries.BY_COSINE).getFirst();

        assertEquals(get("k"), hit.entry());
        assertEquals(1, hit.similarity(), 1e-9);
        assertNull(hit.explanation());
    }

    @Test
    void explain_bringsTheExplanation() {
        put("k", "zebra");

        Hit hit = memories.search(words("zebra"), Queries.BY_COVERAGE).getFirst();

        assertNotNull(hit.explanation());
    }

    @Test
    void theCosine_isExact_andOfTheBestChunk() {
        var chunks = List.of(new float[] {0.6f, 0.8f, 0}, new float[] {0, 0, 1}, new float[] {-1, 0, 0});
        memories.put(alice, NOTES, draft("k", "v"), new Vectorization.Ready(MODEL, chunks), UNLIMITED);

        assertEquals(0.6f, features(near(RIGHT, 10, 0)).getFirst().cosine(), 1e-7);
        assertEquals(
                0.8f, features(near(new float[] {0, 1, 0}, 10, 0)).getFirst().cosine(), 1e-7);
        assertEquals(1, features(near(new float[] {0, 0, 1}, 10, 0)).getFirst().cosine(), 1e-7);
    }

    @Test
    void vectors_ofAnotherModel_areNotCompared() {
        var other = new EmbeddingModel("other-model", 3);
        put("words", "zebra");
        memories.put(alice, NOTES, draft("other", "zebra"), new Vectorization.Ready(other, List.of(RIGHT)), UNLIMITED);

        assertEquals(List.of(), keys(near(RIGHT, 10, 0), Queries.BY_COSINE));
        var both = new CandidateQuery(
                alice.account(),
                Set.of(),
                List.of(),
                "zebra",
                List.of("zebra"),
                RIGHT,
                MODEL,
                false,
                Queries.CANDIDATES,
                10,
                0,
                false);
        List<Features> features = features(both);
        assertEquals(2, features.size());
        features.forEach(feature -> assertNull(feature.cosine()));
    }

    @Test
    void coverage_isTheWeightedShareOfTheQuestionsStems() {
        put("a", "zebra");
        put("b", "zebra giraffe");
        put("c", "elephant");

        List<Features> features = features(words("zebra", "giraff"));

        var weights = new StemWeights(3, new long[] {2, 1});
        assertEquals(
                List.of(weights.coverage(0b01), 1.0),
                features.stream().map(Features::coverage).sorted().toList());
    }

    @Test
    void coverage_countsTheOwnAccountAlone() {
        memories.createNamespace(bob, NewNamespace.of(NOTES), UNLIMITED);
        put("a", "zebra");
        put("b", "giraffe");
        double alone = features(words("zebra", "giraff")).getFirst().coverage();

        IntStream.range(0, 10).forEach(i -> memories.put(bob, NOTES, draft("k" + i, "zebra"), NONE, UNLIMITED));

        assertEquals(alone, features(words("zebra", "giraff")).getFirst().coverage());
    }

    @Test
    void words_areFoundInKeyTagsAndValue() {
        put("zebra", "x");
        put("b", "x", "zebra");
        save(EntryDraft.of("c", Json.parse("{\"animal\":[\"a zebra\"]}")));
        put("d", "giraffe");

        assertEquals(Set.of("zebra", "b", "c"), Set.copyOf(keys(words("zebra"), Queries.BY_COVERAGE)));
    }

    @Test
    void length_countsTheContentStems() {
        put("k", "the zebra and the giraffe and the zebra");

        assertTrue(features(words("zebra")).getFirst().length() >= 3);
    }

    @Test
    void importance_isTheEntrys() {
        save(new EntryDraft("k", Json.string("zebra"), List.of(), Json.EMPTY_OBJECT, 0.875, TimeToLive.KEEP));

        assertEquals(0.875, features(words("zebra")).getFirst().importance());
    }

    @Test
    void anEqualKey_isAlwaysACandidate() {
        IntStream.range(0, 2 * Queries.CANDIDATES).forEach(i -> put("other-" + i, "zebra zebra"));
        put("zebra crossing", "nothing of the kind");
        IntStream.range(0, 2 * Queries.CANDIDATES).forEach(i -> put("more-" + i, "zebra zebra"));
        var query = new CandidateQuery(
                alice.account(),
                Set.of(),
                List.of(),
                "zebra crossing",
                List.of("zebra"),
                null,
                null,
                false,
                5,
                3,
                0,
                false);

        List<String> found = keys(query, Queries.BY_KEY);
        assertEquals("zebra crossing", found.getFirst());
        assertEquals(1, Collections.frequency(found, "zebra crossing"));
    }

    @Test
    void anEqualKey_isFoundInEveryNamespace_orInThoseAsked() {
        memories.createNamespace(alice, NewNamespace.of("second"), UNLIMITED);
        memories.createNamespace(alice, NewNamespace.of("third"), UNLIMITED);
        for (String namespace : List.of(NOTES, "second", "third")) {
            memories.put(alice, namespace, draft("same key", namespace), NONE, UNLIMITED);
        }

        assertEquals(
                3,
                memories.search(Queries.keyOnly(alice.account(), Set.of(), "same key"), Queries.BY_KEY)
                        .size());
        assertEquals(
                Set.of("second", "third"),
                Set.copyOf(memories
                        .search(
                                Queries.keyOnly(alice.account(), Set.of("second", "third", "nothing"), "same key"),
                                Queries.BY_KEY)
                        .stream()
                        .map(hit -> hit.entry().namespace())
                        .toList()));
        assertEquals(List.of(), keys(Queries.keyOnly(alice.account(), Set.of("nothing"), "same key"), Queries.BY_KEY));
    }

    @Test
    void aKeyPrefix_findsTheKeysThatBeginWithIt_whenAskedFor() {
        List<String> with = List.of("a%", "a%b", "a%/x", "a%\u00e9", "a%𝄞", "a%\uffff\uffff");
        List<String> without = List.of("a", "a&", "ab", "A%", "b", "a$");
        with.forEach(key -> put(key, "v"));
        without.forEach(key -> put(key, "v"));

        List<String> found = keys(Queries.keyPrefix(alice.account(), Set.of(), "a%", 50), Queries.BY_KEY);

        assertEquals("a%", found.getFirst());
        assertEquals(Set.copyOf(with), Set.copyOf(found));
        assertEquals(List.of("a%"), keys(Queries.keyOnly(alice.account(), Set.of(), "a%"), Queries.BY_KEY));
    }

    @Test
    void aKeyPrefix_mayEndInTheLastCharacterThereIs() {
        String last = Character.toString(Character.MAX_CODE_POINT);
        put(last, "v");
        put(last + "a", "v");
        put("\ud7ff", "v");
        put("\ud7ffa", "v");
        put("\ue000", "v");

        assertEquals(
                Set.of(last, last + "a"),
                Set.copyOf(keys(Queries.keyPrefix(alice.account(), Set.of(), last, 50), Queries.BY_KEY)));
        assertEquals(
                Set.of("\ud7ff", "\ud7ffa"),
                Set.copyOf(keys(Queries.keyPrefix(alice.account(), Set.of(), "\ud7ff", 50), Queries.BY_KEY)));
    }

    @Test
    void aKeyPrefix_givesNoMoreCandidatesThanAskedFor() {
        IntStream.range(10, 40).forEach(i -> put("key-" + i, "v"));

        assertEquals(
                7,
                keys(Queries.keyPrefix(alice.account(), Set.of(NOTES), "key-", 7), Queries.BY_KEY)
                        .size());
    }

    @Test
    void anEqualKey_ofAnEntryThatIsGone_isNoHit() {
        put("gone", "v");
        memories.delete(alice, NOTES, "gone");

        assertEquals(List.of(), keys(Queries.keyPrefix(alice.account(), Set.of(), "gone", 50), Queries.BY_KEY));
    }

    @Test
    void tags_mustAllBeThere_forEveryKindOfCandidate() {
        put("zebra", "zebra", "a", "b");
        put("zebra2", "zebra", "a");
        memories.put(
                alice, NOTES, draft("vector", "v", "b"), new Vectorization.Ready(MODEL, List.of(RIGHT)), UNLIMITED);

        for (List<String> tags : List.of(List.of("a", "b"), List.of("b", "a"))) {
            assertEquals(List.of("zebra"), keys(anyKind(Set.of(), tags), Queries.BY_KEY));
        }
    }

    @Test
    void namespaces_limitEveryKindOfCandidate() {
        memories.createNamespace(alice, NewNamespace.of("second"), UNLIMITED);
        memories.put(
                alice, "second", draft("zebra", "zebra"), new Vectorization.Ready(MODEL, List.of(RIGHT)), UNLIMITED);
        putAt("here", 1, 0, 0);

        assertEquals(List.of("here"), keys(anyKind(Set.of(NOTES), List.of()), Queries.BY_COSINE));
    }

    @Test
    void aSearch_seesEveryAcknowledgedWrite() {
        for (int i = 0; i < WRITES; i++) {
            put("k", "zebra" + i);
            assertEquals(
                    List.of("zebra" + i),
                    memories.search(words("zebra" + i), Queries.BY_COVERAGE).stream()
                            .map(hit -> hit.entry().value().asString())
                            .toList());
        }
        memories.delete(alice, NOTES, "k");
        assertEquals(List.of(), keys(words("zebra" + (WRITES - 1)), Queries.BY_COVERAGE));
    }

    @Test
    void aSearch_amongManyWriters_returnsOnlyCurrentEntries() {
        var outcomes = together(100, i -> {
            String key = "k" + i % 10;
            long version = put(key, "zebra number" + i).version();
            List<Hit> hits = memories.search(words("number" + i), Queries.BY_COVERAGE);
            // The own write is there, unless a later one has replaced it by now.
            return hits.stream().anyMatch(hit -> hit.entry().key().equals(key))
                    || memories.get(alice.account(), NOTES, key).orElseThrow().version() > version;
        });

        outcomes.forEach(outcome -> assertEquals(true, outcome.result(), () -> "failed with " + outcome.code()));
    }

    @Test
    void aDeletedNamespace_isNotFoundAnyMore() {
        put("zebra", "zebra");
        memories.deleteNamespace(alice, NOTES);

        assertEquals(List.of(), keys(words("zebra"), Queries.BY_COVERAGE));
        memories.createNamespace(alice, NewNamespace.of(NOTES), UNLIMITED);
        assertEquals(List.of(), keys(words("zebra"), Queries.BY_COVERAGE));
    }

    @Test
    void anEmptyStore_hasNoHits() {
        assertEquals(List.of(), keys(near(RIGHT, 10, 0), Queries.BY_COSINE));
        assertEquals(List.of(), keys(words("zebra"), Queries.BY_COVERAGE));
    }

    /// Whatever there is of one: vectors, words and keys.
    private CandidateQuery anyKind(Set<String> namespaces, List<String> tags) {
        return new CandidateQuery(
                alice.account(),
                namespaces,
                tags,
                "zebra",
                List.of("zebra"),
                RIGHT,
                MODEL,
                true,
                Queries.CANDIDATES,
                10,
                0,
                false);
    }

    private CandidateQuery words(String... stems) {
        return Queries.words(alice.account(), Set.of(), List.of(), List.of(stems));
    }

    /// The features of all candidates.
    /// What the hits were given their similarity for.
    private List<Features> features(CandidateQuery query) {
        List<Features> seen = Collections.synchronizedList(new ArrayList<>());
        Scorer scorer = Queries.scorer(features -> 0.5);
        memories.search(Queries.explained(query), new Scorer() {
            @Override
            public double similarity(Features features) {
                return scorer.similarity(features);
            }

            @Override
            public Explanation explain(Features features) {
                seen.add(features);
                return scorer.explain(features);
            }
        });
        return seen;
    }
}
