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
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/// How vectors are kept: the bytes of a [PackedVector] each, compared by [PackedScorer], and a graph (HNSW,
/// Malkov and Yashunin, 2018) over those of a large segment. Small segments have none: scanning them is as
/// fast, and a write that is searched at once must not pay for a graph.
final class VectorFormat extends KnnVectorsFormat {
    /// Segments with fewer vectors have no graph.
    static final int GRAPH_VECTORS_MIN = 20_000;

    /// Lucene builds a graph where `vectors > ln(vectors) × threshold`.
    private static final int THRESHOLD = (int) (GRAPH_VECTORS_MIN / Math.log(GRAPH_VECTORS_MIN));

    private static final int ONE_MERGE_WORKER = 1;

    private final FlatVectorsFormat flat = new Lucene99FlatVectorsFormat(new PackedScorer());

    VectorFormat() {
        super("ContextMemory1Vectors");
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
                THRESHOLD);
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
