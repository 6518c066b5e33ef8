package dev.ctxmem.store.lucene;

import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;

/// Lucene's format with [VectorFormat] for the vectors. Public for Lucene, which finds it by its name through
/// `META-INF/services`; a change of what it writes is a new name.
public final class IndexCodec extends FilterCodec {
    private final KnnVectorsFormat vectors;

    public IndexCodec() {
        this(GraphLimits.DEFAULT);
    }

    IndexCodec(GraphLimits limits) {
        super("ContextMemory1", new Lucene104Codec());
        vectors = new VectorFormat(limits);
    }

    @Override
    public KnnVectorsFormat knnVectorsFormat() {
        return vectors;
    }
}
