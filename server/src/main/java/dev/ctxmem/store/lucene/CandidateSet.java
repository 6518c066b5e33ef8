package dev.ctxmem.store.lucene;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.SearchIndex;
import dev.ctxmem.store.SearchIndex.Candidate;
import dev.ctxmem.store.SearchIndex.Candidates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/// The entries found so far, each once, by their document's number.
final class CandidateSet {
    private final NavigableSet<Integer> entries = new TreeSet<>();

    /// The best by words and the best by vector, in one state of the index.
    static Candidates find(IndexSearcher searcher, SearchIndex.Query query, GraphLimits limits) throws IOException {
        var found = new CandidateSet();
        var stems = new Stems(searcher, query.account(), query.stems());
        Query scope = Schema.scope(query);
        stems.addBest(scope, query.limit(), found);
        EmbeddingModel model = query.model();
        float[] vector = query.vector();
        byte[] target = vector == null ? null : PackedVector.of(vector);
        if (model != null && target != null) {
            new VectorSearch(searcher, Schema.vectors(model), target, scope, limits).addBest(query.limit(), found);
        }
        return new Candidates(stems.documents(), stems.frequencies(), found.read(searcher, stems));
    }

    void add(int entry) {
        entries.add(entry);
    }

    private List<Candidate> read(IndexSearcher searcher, Stems stems) throws IOException {
        var candidates = new ArrayList<Candidate>(entries.size());
        for (LeafReaderContext segment : searcher.getLeafContexts()) {
            LeafReader reader = segment.reader();
            int[] within = entries.subSet(segment.docBase, segment.docBase + reader.maxDoc()).stream()
                    .mapToInt(entry -> entry - segment.docBase)
                    .toArray();
            if (within.length > 0) {
                long[] matches = stems.matches(segment, within);
                NumericDocValues rowIds = reader.getNumericDocValues(Schema.ROW_ID);
                NumericDocValues lengths = reader.getNumericDocValues(Schema.LENGTH);
                for (int i = 0; i < within.length; i++) {
                    long rowId = value(rowIds, within[i]);
                    candidates.add(new Candidate(rowId, matches[i], (int) value(lengths, within[i])));
                }
            }
        }
        return candidates;
    }

    private static long value(NumericDocValues values, int entry) throws IOException {
        if (!values.advanceExact(entry)) {
            throw new IllegalStateException("document " + entry + " is no entry");
        }
        return values.longValue();
    }
}
