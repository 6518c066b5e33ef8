package dev.ctxmem.store;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Words;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// A search index that looks at every entry: slow, in memory, and therefore right. It is the oracle of others.
/// Thread-safe.
public final class ExactIndex implements SearchIndex {
    private final Words words;
    private final Map<Long, Indexed> documents = new LinkedHashMap<>();
    private long sequence;
    private long durable;

    public ExactIndex(Words words) {
        this.words = words;
    }

    @Override
    public synchronized long durableSequence() {
        return durable;
    }

    @Override
    public synchronized void apply(List<Change> changes, long upTo) {
        for (Change change : changes) {
            switch (change) {
                case Change.Put(Document document) ->
                    documents.put(document.rowId(), new Indexed(document, words.stems(document.text())));
                case Change.Remove(long rowId) -> documents.remove(rowId);
                case Change.RemoveNamespace(long namespaceId) ->
                    documents.values().removeIf(indexed -> indexed.document.namespaceId() == namespaceId);
            }
        }
        sequence = upTo;
    }

    @Override
    public synchronized void commit() {
        durable = sequence;
    }

    @Override
    public synchronized void clear() {
        documents.clear();
        sequence = 0;
        durable = 0;
    }

    @Override
    public synchronized Candidates candidates(Query query) {
        List<Indexed> account = documents.values().stream()
                .filter(indexed -> indexed.document.account().equals(query.account()))
                .toList();
        var frequencies = new long[query.stems().size()];
        for (Indexed indexed : account) {
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] += indexed.matches(query.stems()) >>> i & 1;
            }
        }
        List<Indexed> scope =
                account.stream().filter(indexed -> indexed.isIn(query)).toList();
        Set<Indexed> chosen = new LinkedHashSet<>(byVector(scope, query));
        chosen.addAll(byWords(scope, query));
        return new Candidates(
                account.size(),
                frequencies,
                chosen.stream()
                        .map(indexed -> new Candidate(
                                indexed.document.rowId(), indexed.matches(query.stems()), indexed.contentLength(words)))
                        .toList());
    }

    @Override
    public void close() {}

    /// How many entries of an account it knows.
    public synchronized long size(UUID account) {
        return documents.values().stream()
                .filter(indexed -> indexed.document.account().equals(account))
                .count();
    }

    private static List<Indexed> byVector(List<Indexed> scope, Query query) {
        float[] vector = query.vector();
        if (vector == null) {
            return List.of();
        }
        return scope.stream()
                .filter(indexed ->
                        query.model() != null && !indexed.chunks(query.model()).isEmpty())
                .sorted(Comparator.comparingDouble(
                                (Indexed indexed) -> indexed.bestDot(Objects.requireNonNull(query.model()), vector))
                        .reversed())
                .limit(query.limit())
                .toList();
    }

    private static List<Indexed> byWords(List<Indexed> scope, Query query) {
        return scope.stream()
                .filter(indexed -> indexed.matches(query.stems()) != 0)
                .sorted(Comparator.comparingInt((Indexed indexed) -> Long.bitCount(indexed.matches(query.stems())))
                        .reversed())
                .limit(query.limit())
                .toList();
    }

    private record Indexed(Document document, List<String> stems) {
        boolean isIn(Query query) {
            return (query.namespaceIds().isEmpty() || query.namespaceIds().contains(document.namespaceId()))
                    && new HashSet<>(document.tags()).containsAll(query.tags());
        }

        long matches(List<String> queryStems) {
            var present = new HashSet<>(stems);
            long matches = 0;
            for (int i = 0; i < queryStems.size(); i++) {
                if (present.contains(queryStems.get(i))) {
                    matches |= 1L << i;
                }
            }
            return matches;
        }

        int contentLength(Words words) {
            return (int) stems.stream().filter(words::isContent).count();
        }

        List<float[]> chunks(EmbeddingModel model) {
            return document.vectors().stream()
                    .filter(generation -> generation.model().equals(model))
                    .flatMap(generation -> generation.chunks().stream())
                    .toList();
        }

        double bestDot(EmbeddingModel model, float[] vector) {
            double best = Double.NEGATIVE_INFINITY;
            for (float[] chunk : chunks(model)) {
                double dot = 0;
                for (int i = 0; i < vector.length; i++) {
                    dot += (double) vector[i] * chunk[i];
                }
                best = Math.max(best, dot);
            }
            return best;
        }
    }
}
