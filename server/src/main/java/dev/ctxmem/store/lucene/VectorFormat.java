package dev.ctxmem.store.lucene;

import dev.ctxmem.core.Limits;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/// How vectors are kept: the bytes of a [PackedVector] each, compared by [PackedScorer], and a graph (HNSW,
/// Malkov and Yashunin, 2018) over those of a large segment. Smaller segments have none: scanning them is as
/// fast, and neither a write that is searched at once nor a small server should pay for a graph.
final class VectorFormat extends KnnVectorsFormat {
    private static final int ONE_MERGE_WORKER = 1;

    private final FlatVectorsFormat flat = new Lucene99FlatVectorsFormat(new PackedScorer());

    private final GraphLimits limits;

    VectorFormat(GraphLimits limits) {
        super("ContextMemory1Vectors");
        this.limits = limits;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return new Lucene99HnswVectorsWriter(
                state,
                Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
                Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH,
                flat,
                flat.fieldsWriter(state),
                ONE_MERGE_WORKER,
                null,
                graphThreshold(state));
    }

    /// Lucene builds a graph where `vectors > ln(vectors) × threshold`. Merges alone know their fields: what is
    /// written first has no graph, so that none is built on the thread that writes.
    private int graphThreshold(SegmentWriteState state) {
        if (state.fieldInfos == null) {
            return Integer.MAX_VALUE;
        }
        int largest = 1;
        for (FieldInfo field : state.fieldInfos) {
            largest = Math.max(largest, field.getVectorDimension());
        }
        long vectors = Math.max(2, limits.segmentVectors(largest));
        return (int) (vectors / Math.log((double) vectors));
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return new Lucene99HnswVectorsReader(state, flat.fieldsReader(state));
    }

    @Override
    public int getMaxDimensions(String field) {
        return PackedVector.bytes(Limits.VECTOR_DIMENSIONS_MAX);
    }
}
