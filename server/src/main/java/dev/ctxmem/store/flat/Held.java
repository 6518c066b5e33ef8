package dev.ctxmem.store.flat;

/// An entry as a [FlatIndex] holds it: its vectors are the index's, so many from `firstVector` on. `wordWeight` is
/// how much the number of its words adds to the weight of those that match.
record Held(FlatEntry.Head head, float wordWeight, int firstVector, int vectors) {
    /// What the objects of an entry take, but for its words, characters and vectors.
    private static final long OVERHEAD_BYTES = 200;

    private static final double WORDS_FACTOR = 0.01;

    Held(FlatEntry entry, int firstVector) {
        this(
                entry.head(),
                (float) (1 + WORDS_FACTOR * Math.log1p(entry.words().length)),
                firstVector,
                entry.vectors().size());
    }

    long bytes() {
        return OVERHEAD_BYTES + head.key().length();
    }
}
