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
    /// Segments with fewer bytes of vectors have no graph: some 50,000 vectors of dimension 384.
    private static final int GRAPH_BYTES_MIN = 20_000_000;

    private static final int ONE_MERGE_WORKER = 1;

    private final FlatVectorsFormat flat = new Lucene99FlatVectorsFormat(new PackedScorer());

    VectorFormat() {
        super("ContextMemory1Vectors");
    }

    /// How many vectors of `bytes` each make a graph.
    static int graphVectorsMin(int bytes) {
        return GRAPH_BYTES_MIN / bytes;
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
    private static int graphThreshold(SegmentWriteState state) {
        if (state.fieldInfos == null) {
            return Integer.MAX_VALUE;
        }
        int largest = 1;
        for (FieldInfo field : state.fieldInfos) {
            largest = Math.max(largest, field.getVectorDimension());
        }
        int vectors = graphVectorsMin(largest);
        return (int) (vectors / Math.log(vectors));
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
