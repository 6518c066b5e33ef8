package dev.ctxmem.store.flat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.store.TestVectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The candidates of a flat index beside what one finds by looking at everything, and how it follows changes.
class FlatIndexTest {
    private static final UUID NOTES = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final long NOW = 1_000;
    private static final double NEARLY = 1e-5;
    private static final int EXPECTED = 10_000;

    private final RandomGenerator random = new Random(7);

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 64, 385})
    void theNearest_areThoseOfAnExactSearch(int dimension) {
        List<float[]> vectors = IntStream.range(0, 500)
                .mapToObj(i -> TestVectors.random(random, dimension))
                .toList();
        FlatIndex index = new FlatIndexBuilder(dimension, vectors.size()).build(0);
        for (int i = 0; i < vectors.size(); i++) {
            index = index.with(i + 1, Set.of(), Set.of(), List.of(entry("k" + i, i + 1, List.of(vectors.get(i)))));
        }
        float[] question = TestVectors.random(random, dimension);

        List<Candidate> found = index.search(question(question, 10)).candidates();

        Set<String> expected = new HashSet<>();
        IntStream.range(0, vectors.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -TestVectors.cosine(question, vectors.get(i))))
                .limit(10)
                .forEach(i -> expected.add("k" + i));
        assertEquals(expected, keys(found));
        found.forEach(candidate -> assertEquals(
                TestVectors.cosine(
                        question, vectors.get(Integer.parseInt(candidate.key().substring(1)))),
                candidate.cosine(),
                NEARLY));
    }

    @Test
    void theBestChunkCounts_andOneWithoutDirectionDoesNot() {
        FlatIndex index = index(
                2,
                entry("chunks", 1, List.of(new float[] {0, 0}, new float[] {1, 1}, new float[] {0, 1})),
                entry("nowhere", 2, List.of(new float[] {0, 0})),
                entry("none", 3, List.of()));

        List<Candidate> found = index.search(question(new float[] {0, 2}, 10)).candidates();

        assertEquals(Set.of("chunks"), keys(found));
        assertEquals(1, found.getFirst().cosine(), NEARLY);
        Question byKey = new Question(null, new long[0], new long[0], new float[] {0, 2}, "n", true, 10, 3, NOW);
        List<Candidate> named = index.search(byKey).candidates().stream()
                .sorted(Comparator.comparing(Candidate::key))
                .toList();
        assertEquals(
                List.of("chunks", "none", "nowhere"),
                named.stream().map(Candidate::key).toList());
        assertNull(named.get(1).cosine());
        assertEquals(0.0, named.get(2).cosine());
    }

    @Test
    void words_areCountedInAllOfTheAccount_andFoundInTheScope() {
        FlatIndex index = index(
                0,
                entry("a", 1, NOTES, FlatEntry.NEVER, 11, 12),
                entry("b", 2, OTHER, FlatEntry.NEVER, 11),
                entry("c", 3, NOTES, NOW, 11, 12, 13),
                entry("d", 4, NOTES, NOW + 1, 12, 99));
        var question = new Question(Set.of(NOTES), new long[0], new long[] {11, 13, 12}, null, "", false, 10, 4, NOW);

        FlatIndex.Answer answer = index.search(question);

        assertEquals(Set.of("a", "d"), keys(answer.candidates()));
        answer.candidates().forEach(found -> assertEquals(found.key().equals("a") ? 0b101 : 0b100, found.matches()));
        assertEquals(answer.weights().weight(0), answer.weights().weight(2));
        assertTrue(answer.weights().weight(1) > answer.weights().weight(0));
        var tagged = new Question(null, new long[] {99}, new long[] {12}, null, "", false, 10, 4, NOW);
        assertEquals(Set.of("d"), keys(index.search(tagged).candidates()));
    }

    @Test
    void ofEquallyGoodWords_theLatestAreCandidates() {
        FlatIndex index = index(
                0,
                IntStream.range(0, 100)
                        .mapToObj(i -> entry("k" + i, 1 + (i * 37) % 100, NOTES, FlatEntry.NEVER, 5))
                        .toArray(FlatEntry[]::new));

        List<Candidate> found = index.search(
                        new Question(null, new long[0], new long[] {5}, null, "", false, 10, 100, NOW))
                .candidates();

        assertEquals(
                IntStream.rangeClosed(91, 100)
                        .mapToObj(Long::valueOf)
                        .map(Object::toString)
                        .sorted()
                        .toList(),
                found.stream()
                        .map(Candidate::revision)
                        .map(Object::toString)
                        .sorted()
                        .toList());
    }

    @Test
    void changes_replaceAndRemove_byName() {
        FlatIndex before = index(
                1,
                entry("changed", 1, List.of(new float[] {1})),
                entry("deleted", 2, List.of(new float[] {1})),
                entry("same", 3, List.of(new float[] {1})));

        FlatIndex after = before.with(
                6,
                Set.of(new Name(NOTES, "changed"), new Name(NOTES, "deleted")),
                Set.of(),
                List.of(entry("changed", 5, List.of(new float[] {-1}))));

        assertEquals(6, after.revision());
        assertEquals(2, after.size());
        assertEquals(3, before.size());
        List<Candidate> found = after.search(question(new float[] {1}, 10)).candidates();
        assertEquals(Set.of("changed", "same"), keys(found));
        found.forEach(candidate -> assertEquals(candidate.key().equals("same") ? 1 : -1, candidate.cosine(), NEARLY));
        List<Candidate> still = before.search(question(new float[] {1}, 10)).candidates();
        still.forEach(candidate -> assertEquals(1, candidate.cosine(), NEARLY));
        assertEquals(
                1,
                after.with(7, Set.of(), Set.of(NOTES), List.of(entry("new", 7, List.of())))
                        .size());
    }

    @Test
    void whatIsNewer_stays_andWhatWaitsGetsItsVectors() {
        var waiting = new FlatEntry.Head(UUID.randomUUID(), 4, NOTES, "k", FlatEntry.NEVER, 0.5, 1, true);
        FlatIndex index = index(1, new FlatEntry(waiting, new long[0], List.of()));
        assertEquals(List.of(waiting.id()), index.awaitingVectors());

        assertEquals(
                List.of(waiting.id()),
                index.with(4, Set.of(), Set.of(), List.of(entry("k", 3, List.of(new float[] {1}))))
                        .awaitingVectors());
        FlatIndex complete = index.with(4, Set.of(), Set.of(), List.of(entry("k", 4, List.of(new float[] {1}))));
        assertEquals(List.of(), complete.awaitingVectors());
        assertEquals(1, complete.size());
    }

    @Test
    void whatExpiredFirst_isLeftOutFirst() {
        FlatIndex index = index(
                0,
                entry("late", 1, NOTES, NOW, 5),
                entry("early", 2, NOTES, NOW - 1, 5),
                entry("alive", 3, NOTES, NOW + 1, 5));

        FlatIndex left = index.withoutExpired(NOW, 1);

        assertEquals(2, left.size());
        assertEquals(1, left.withoutExpired(NOW, 5).size());
        assertEquals(1, left.withoutExpired(NOW - 1, 5).size() - 1);
    }

    @Test
    void vectorsOfFormerVersions_wearItOut() {
        FlatIndex index = index(1);
        for (int i = 1; i <= 80; i++) {
            index = index.with(
                    i, Set.of(new Name(NOTES, "k")), Set.of(), List.of(entry("k", i, List.of(new float[] {i}))));
            assertTrue(i > 60 || !index.isWorn());
        }
        assertTrue(index.isWorn());
        assertEquals(1, index.size());
    }

    /// Through thousands of changes, most of which are in the postings by then.
    @Test
    void words_areThoseOfTheCurrentEntries_howeverManyChangesThereWere() {
        Map<String, FlatEntry> current = new HashMap<>();
        FlatIndex index = index(0);
        for (int revision = 1; revision <= 4_000; revision++) {
            String key = "k" + random.nextInt(800);
            Set<Name> changed = Set.of(new Name(NOTES, key));
            if (random.nextInt(4) == 0) {
                current.remove(key);
                index = index.with(revision, changed, Set.of(), List.of());
            } else {
                long[] words = random.longs(random.nextInt(6), 0, 40).distinct().toArray();
                FlatEntry entry = entry(key, revision, NOTES, FlatEntry.NEVER, words);
                current.put(key, entry);
                index = index.with(revision, changed, Set.of(), List.of(entry));
            }
        }
        long[] stems = {3, 17, 39, 41};
        long[] tags = {5, 5, 8};

        FlatIndex.Answer answer =
                index.search(new Question(null, tags, stems, null, "", false, 1_000, current.size(), NOW));

        assertEquals(current.size(), index.size());
        Map<String, Long> expected = new HashMap<>();
        current.values().forEach(entry -> {
            List<Long> words = Arrays.stream(entry.words()).boxed().toList();
            long matches = IntStream.range(0, stems.length)
                    .filter(i -> words.contains(stems[i]))
                    .mapToLong(i -> 1L << i)
                    .sum();
            if (matches != 0 && words.containsAll(List.of(5L, 8L))) {
                expected.put(entry.head().key(), matches);
            }
        });
        Map<String, Long> found = new HashMap<>();
        answer.candidates().forEach(candidate -> found.put(candidate.key(), candidate.matches()));
        assertFalse(expected.isEmpty());
        assertEquals(expected, found);
        long[] frequencies = Arrays.stream(stems)
                .map(stem -> current.values().stream()
                        .filter(entry -> Arrays.stream(entry.words()).anyMatch(word -> word == stem))
                        .count())
                .toArray();
        var weights = new StemWeights(current.size(), frequencies);
        for (int i = 0; i < stems.length; i++) {
            assertEquals(weights.weight(i), answer.weights().weight(i));
        }
    }

    /// As of the last revision of the entries, all of which came after it was made.
    private static FlatIndex index(int dimension, FlatEntry... entries) {
        long revision = Arrays.stream(entries)
                .mapToLong(entry -> entry.head().revision())
                .max()
                .orElse(0);
        return new FlatIndexBuilder(dimension, EXPECTED).build(0).with(revision, Set.of(), Set.of(), List.of(entries));
    }

    private static Question question(float @Nullable [] vector, int candidates) {
        return new Question(null, new long[0], new long[0], vector, "no key", false, candidates, 1, NOW);
    }

    private static FlatEntry entry(String key, long revision, List<float[]> vectors) {
        return new FlatEntry(head(key, revision, NOTES, FlatEntry.NEVER), new long[0], vectors);
    }

    private static FlatEntry entry(String key, long revision, UUID namespace, long expiresAt, long... words) {
        return new FlatEntry(head(key, revision, namespace, expiresAt), words, List.of());
    }

    private static FlatEntry.Head head(String key, long revision, UUID namespace, long expiresAt) {
        return new FlatEntry.Head(UUID.randomUUID(), revision, namespace, key, expiresAt, 0.5, 1, false);
    }

    private static Set<String> keys(List<Candidate> candidates) {
        Set<String> keys = new HashSet<>();
        candidates.forEach(candidate -> assertTrue(keys.add(candidate.key()), candidate.key()));
        return keys;
    }
}
