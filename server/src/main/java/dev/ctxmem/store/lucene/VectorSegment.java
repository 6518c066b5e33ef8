package dev.ctxmem.store.lucene;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/// The vectors of one segment that are in a scope: at most `matchesMax`.
record VectorSegment(LeafReaderContext context, Weight scope, long matchesMax) {
    /// Vectors to ask a graph for, for each entry: those of one entry come together.
    private static final int VECTORS_PER_ENTRY = 2;

    static Optional<VectorSegment> of(LeafReaderContext context, String field, Weight scope) throws IOException {
        ByteVectorValues values = context.reader().getByteVectorValues(field);
        ScorerSupplier matching = values == null ? null : scope.scorerSupplier(context);
        return values == null || matching == null
                ? Optional.empty()
                : Optional.of(new VectorSegment(context, scope, Math.min(values.size(), matching.cost())));
    }

    void scan(String field, PackedVector.Probe probe, NearestEntries nearest) throws IOException {
        LeafReader reader = context.reader();
        ByteVectorValues values = reader.getByteVectorValues(field);
        KnnVectorValues.DocIndexIterator ordinals = values.iterator();
        DocIdSetIterator docs = ConjunctionUtils.intersectIterators(List.of(matching(), ordinals));
        Bits live = reader.getLiveDocs();
        NumericDocValues chunks = reader.getNumericDocValues(Schema.CHUNK);
        var vectors = new PackedVectors(values);
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if (live == null || live.get(doc)) {
                float cosine = probe.cosine(vectors.read(ordinals.index()));
                if (nearest.wants(cosine)) {
                    nearest.offer(context.docBase + entryOf(doc, chunks), cosine);
                }
            }
        }
    }

    void searchGraph(String field, byte[] target, int limit, NearestEntries nearest) throws IOException {
        LeafReader reader = context.reader();
        var collector =
                new TopKnnCollector(limit * VECTORS_PER_ENTRY, Integer.MAX_VALUE, KnnSearchStrategy.Hnsw.DEFAULT);
        var accepted = AcceptDocs.fromIteratorSupplier(this::matching, reader.getLiveDocs(), reader.maxDoc());
        reader.searchNearestVectors(field, target, collector, accepted);
        ScoreDoc[] found = collector.topDocs().scoreDocs;
        // The vectors of an entry, which are neighbours, one after the other.
        Arrays.sort(found, Comparator.comparingInt(vector -> vector.doc));
        NumericDocValues chunks = reader.getNumericDocValues(Schema.CHUNK);
        for (ScoreDoc vector : found) {
            float cosine = PackedScorer.cosine(vector.score);
            if (nearest.wants(cosine)) {
                nearest.offer(context.docBase + entryOf(vector.doc, chunks), cosine);
            }
        }
    }

    private DocIdSetIterator matching() throws IOException {
        Scorer scorer = scope.scorer(context);
        return scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
    }

    private static int entryOf(int doc, @Nullable NumericDocValues chunks) throws IOException {
        return chunks != null && chunks.advanceExact(doc) ? doc - (int) chunks.longValue() : doc;
    }
}
