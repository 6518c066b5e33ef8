package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.core.Json;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.memory.Ranking;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.memory.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The features of questions and passages as the server sees them when one account holds a whole test set, each
/// shelf a namespace.
final class FeatureTable {
    /// As in the server's search: so many by vector, so many by words.
    private static final int CANDIDATES = 100;

    private final TestSet set;
    private final Words words;
    private final Statistics statistics;
    private final Map<String, Document> documents = new HashMap<>();
    private final Map<String, float[]> questionVectors = new HashMap<>();
    private final Map<String, Integer> frequencies = new HashMap<>();

    /// What the weights of stems are counted over: all that the account has, or the namespace asked.
    enum Statistics {
        ACCOUNT,
        NAMESPACE
    }

    private record Document(List<float[]> chunks, Set<String> stems, double length) {}

    /// Embeds everything; that takes minutes unless `vectors` knows it already.
    FeatureTable(TestSet set, Words words, VectorFile vectors, Statistics statistics) {
        this.set = set;
        this.words = words;
        this.statistics = statistics;
        for (Shelf shelf : set.shelves()) {
            read(shelf, vectors);
        }
    }

    private void read(Shelf shelf, VectorFile vectors) {
        List<List<float[]>> chunks = vectors.passages(shelf.passages().stream()
                .map(passage -> EntryText.toEmbed(passage.key(), List.of(), Json.string(passage.text())))
                .toList());
        for (int i = 0; i < chunks.size(); i++) {
            Passage passage = shelf.passages().get(i);
            List<String> content =
                    words.stems(EntryText.of(passage.key(), List.of(), Json.string(passage.text()))).stream()
                            .filter(words::isContent)
                            .toList();
            var document = new Document(chunks.get(i), new HashSet<>(content), Ranking.relativeLength(content.size()));
            documents.put(shelf.name() + "/" + passage.key(), document);
            document.stems.forEach(stem -> frequencies.merge(stem, 1, Integer::sum));
        }
        List<float[]> asked =
                vectors.questions(shelf.questions().stream().map(Question::text).toList());
        for (int i = 0; i < asked.size(); i++) {
            questionVectors.put(shelf.questions().get(i).id(), asked.get(i));
        }
    }

    /// The candidates of a question on a shelf, which need not be its own.
    Judged candidates(Question question, Shelf shelf) {
        Judged all = all(question, shelf);
        var rows = new TreeSet<>(best(all, row -> row[Judged.COSINE]));
        best(all, row -> row[Judged.COVERAGE]).stream()
                .filter(row -> all.features()[row][Judged.COVERAGE] > 0)
                .forEach(rows::add);
        return new Judged(
                question,
                rows.stream().map(all.keys()::get).toList(),
                rows.stream().map(row -> all.features()[row]).toArray(double[][]::new));
    }

    /// Every passage of a shelf.
    Judged all(Question question, Shelf shelf) {
        List<String> stems = words.queryStems(question.text());
        StemWeights weights = weights(stems, shelf);
        float[] vector = Objects.requireNonNull(questionVectors.get(question.id()), question.id());
        var keys = new ArrayList<String>();
        var rows = new ArrayList<double[]>();
        for (Passage passage : shelf.passages()) {
            Document document = document(shelf, passage);
            keys.add(passage.key());
            rows.add(new double[] {
                cosine(vector, document.chunks), weights.coverage(matches(stems, document)), document.length
            });
        }
        return new Judged(question, keys, rows.toArray(double[][]::new));
    }

    TestSet set() {
        return set;
    }

    private StemWeights weights(List<String> stems, Shelf shelf) {
        long[] counts = new long[stems.size()];
        for (int i = 0; i < counts.length; i++) {
            String stem = stems.get(i);
            counts[i] = switch (statistics) {
                case ACCOUNT -> frequencies.getOrDefault(stem, 0);
                case NAMESPACE ->
                    shelf.passages().stream()
                            .filter(passage -> document(shelf, passage).stems.contains(stem))
                            .count();
            };
        }
        return new StemWeights(
                statistics == Statistics.ACCOUNT
                        ? documents.size()
                        : shelf.passages().size(),
                counts);
    }

    private Document document(Shelf shelf, Passage passage) {
        Document document = documents.get(shelf.name() + "/" + passage.key());
        if (document == null) {
            throw new IllegalArgumentException("no passage " + passage.key() + " on " + shelf.name());
        }
        return document;
    }

    private static long matches(List<String> stems, Document document) {
        long matches = 0;
        for (int i = 0; i < stems.size(); i++) {
            if (document.stems.contains(stems.get(i))) {
                matches |= 1L << i;
            }
        }
        return matches;
    }

    private static double cosine(float[] question, List<float[]> chunks) {
        double best = -1;
        for (float[] chunk : chunks) {
            double product = 0;
            for (int i = 0; i < chunk.length; i++) {
                product += question[i] * chunk[i];
            }
            best = Math.max(best, product);
        }
        return best;
    }

    private static List<Integer> best(Judged all, ToDoubleFunction<double[]> feature) {
        return IntStream.range(0, all.features().length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -feature.applyAsDouble(all.features()[row])))
                .limit(CANDIDATES)
                .toList();
    }
}
