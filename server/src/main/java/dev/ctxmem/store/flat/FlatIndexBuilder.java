package dev.ctxmem.store.flat;

import java.util.ArrayList;
import java.util.List;

/// Makes a [FlatIndex] of entries that come one after the other, each of them once.
public final class FlatIndexBuilder {
    private final List<Held> entries = new ArrayList<>();
    private final List<long[]> words = new ArrayList<>();
    private Vectors vectors;
    private long entryBytes;

    /// Vectors have `dimension` numbers, 0 where there are none; of so many entries, about.
    public FlatIndexBuilder(int dimension, long expected) {
        vectors = new Vectors(dimension, expected);
    }

    public void add(FlatEntry entry) {
        var held = new Held(entry, vectors.size());
        entryBytes += held.bytes() + (long) entry.words().length * Long.BYTES;
        words.add(entry.words());
        entries.add(held);
        for (float[] vector : entry.vectors()) {
            vectors = vectors.with(vector);
        }
    }

    /// How much memory the index takes, about.
    public long bytes() {
        return entryBytes + vectors.bytes();
    }

    /// As of a revision, or later.
    public FlatIndex build(long revision) {
        return new FlatIndex(
                revision, entries.toArray(Held[]::new), new Postings(words.toArray(long[][]::new)), vectors);
    }
}
