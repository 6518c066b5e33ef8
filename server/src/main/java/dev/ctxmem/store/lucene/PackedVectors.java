package dev.ctxmem.store.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.lucene95.HasIndexSlice;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.store.IndexInput;
import org.jspecify.annotations.Nullable;

/// Reads [PackedVector]s of a segment as words, straight from the mapped file where there is one. Not
/// thread-safe.
final class PackedVectors {
    private final ByteVectorValues values;
    private final @Nullable IndexInput file;
    private final int bytes;
    private final int[] words;

    PackedVectors(KnnVectorValues values) {
        this.values = (ByteVectorValues) values;
        file = values instanceof HasIndexSlice slice ? slice.getSlice() : null;
        bytes = values.dimension();
        words = new int[bytes / Integer.BYTES];
    }

    int wordsPerVector() {
        return words.length;
    }

    /// Valid until the next call.
    int[] read(int ordinal) throws IOException {
        if (file == null) {
            PackedVector.words(values.vectorValue(ordinal), words);
        } else {
            file.seek((long) ordinal * bytes);
            file.readInts(words, 0, words.length);
        }
        return words;
    }
}
