package dev.ctxmem.store.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Weight;

/// Finds the entries within a scope whose best vector is nearest, in one state of the index.
///
/// A small scope ([GraphLimits]) is scanned: every answer is right, however narrow the filter and
/// whatever other accounts hold. In a larger one, segments where many vectors match are searched by their
/// graph, the rest is scanned; and where that finds too little, everything is scanned after all.
final class VectorSearch {
    private final String field;
    private final byte[] target;
    private final GraphLimits limits;
    private final List<VectorSegment> largestFirst = new ArrayList<>();

    VectorSearch(IndexSearcher searcher, String field, byte[] target, Query scope, GraphLimits limits)
            throws IOException {
        this.field = field;
        this.target = target;
        this.limits = limits;
        Weight weight = searcher.createWeight(searcher.rewrite(scope), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext context : searcher.getLeafContexts()) {
            VectorSegment.of(context, field, weight).ifPresent(largestFirst::add);
        }
        largestFirst.sort(Comparator.comparingLong(VectorSegment::matchesMax).reversed());
    }

    void addBest(int limit, CandidateSet candidates) throws IOException {
        long vectors =
                largestFirst.stream().mapToLong(VectorSegment::matchesMax).sum();
        boolean byGraphs = vectors > limits.scopeVectors(target.length);
        NearestEntries nearest = nearest(limit, byGraphs);
        if (byGraphs && nearest.size() < limit) {
            nearest = nearest(limit, false);
        }
        nearest.addTo(candidates);
    }

    private NearestEntries nearest(int limit, boolean byGraphs) throws IOException {
        var nearest = new NearestEntries(limit);
        var probe = PackedVector.Probe.of(target);
        for (VectorSegment segment : largestFirst) {
            if (byGraphs && segment.matchesMax() >= limits.segmentVectors(target.length)) {
                segment.searchGraph(field, target, limit, nearest);
            } else {
                segment.scan(field, probe, nearest);
            }
        }
        return nearest;
    }
}
