package dev.ctxmem.store.lucene;

import dev.ctxmem.store.lucene.PackedVector.Probe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/// Finds the entries within a scope whose best vector is nearest, in one state of the index.
///
/// A scope of up to [#EXACT_COMPONENTS_MAX] is scanned: every answer is right, however narrow the filter and
/// whatever other accounts hold. Only larger ones go through the graph, and are scanned after all where it
/// comes back with too little.
final class VectorSearch {
    /// Components of all vectors in a scope that is scanned: 50,000 vectors of dimension 400, a few
    /// milliseconds.
    static final long EXACT_COMPONENTS_MAX = 20_000_000;

    /// Vectors to ask the graph for, for each entry: those of one entry come together.
    private static final int VECTORS_PER_ENTRY = 2;

    private final IndexSearcher searcher;
    private final String field;
    private final byte[] target;
    private final Query scope;

    VectorSearch(IndexSearcher searcher, String field, byte[] target, Query scope) {
        this.searcher = searcher;
        this.field = field;
        this.target = target;
        this.scope = scope;
    }

    void addBest(int limit, CandidateSet candidates) throws IOException {
        List<Segment> segments = segments();
        long vectors = segments.stream().mapToLong(Segment::vectorsMax).sum();
        if (vectors * target.length > EXACT_COMPONENTS_MAX) {
            Set<Integer> found = nearby(limit);
            if (found.size() == limit) {
                found.forEach(candidates::add);
                return;
            }
        }
        var nearest = new NearestEntries(limit);
        for (Segment segment : segments) {
            scan(segment, nearest);
        }
        nearest.addTo(candidates);
    }

    private List<Segment> segments() throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(scope), ScoreMode.COMPLETE_NO_SCORES, 1);
        var segments = new ArrayList<Segment>();
        for (LeafReaderContext context : searcher.getLeafContexts()) {
            ByteVectorValues values = context.reader().getByteVectorValues(field);
            ScorerSupplier matching = values == null ? null : weight.scorerSupplier(context);
            if (values != null && matching != null) {
                segments.add(new Segment(context, values, matching));
            }
        }
        return segments;
    }

    private void scan(Segment segment, NearestEntries nearest) throws IOException {
        Scorer matching = segment.matching.get(Long.MAX_VALUE);
        KnnVectorValues.DocIndexIterator ordinals = segment.values.iterator();
        DocIdSetIterator docs = ConjunctionUtils.intersectIterators(List.of(matching.iterator(), ordinals));
        Bits live = segment.context.reader().getLiveDocs();
        NumericDocValues chunks = segment.context.reader().getNumericDocValues(Schema.CHUNK);
        var vectors = new PackedVectors(segment.values);
        Probe probe = Probe.of(target);
        while (docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            int doc = docs.docID();
            if (live == null || live.get(doc)) {
                float cosine = probe.cosine(vectors.read(ordinals.index()));
                if (nearest.wants(cosine)) {
                    nearest.offer(segment.context.docBase + entryOf(doc, chunks), cosine);
                }
            }
        }
    }

    /// The entries of the graph's nearest vectors, nearest first.
    private Set<Integer> nearby(int limit) throws IOException {
        int vectors = limit * VECTORS_PER_ENTRY;
        var query = new KnnByteVectorQuery(field, target, vectors, scope);
        List<LeafReaderContext> contexts = searcher.getLeafContexts();
        var entries = new LinkedHashSet<Integer>();
        for (ScoreDoc found : searcher.search(query, vectors).scoreDocs) {
            LeafReaderContext context = contexts.get(ReaderUtil.subIndex(found.doc, contexts));
            NumericDocValues chunks = context.reader().getNumericDocValues(Schema.CHUNK);
            if (entries.size() < limit) {
                entries.add(context.docBase + entryOf(found.doc - context.docBase, chunks));
            }
        }
        return entries;
    }

    private static int entryOf(int doc, @Nullable NumericDocValues chunks) throws IOException {
        return chunks != null && chunks.advanceExact(doc) ? doc - (int) chunks.longValue() : doc;
    }

    private record Segment(LeafReaderContext context, ByteVectorValues values, ScorerSupplier matching) {
        long vectorsMax() {
            return Math.min(values.size(), matching.cost());
        }
    }
}
