package dev.ctxmem.store.flat;

import java.util.UUID;

/// An entry as a [FlatIndex] holds it: its vectors are the index's, from `firstVector` on. `wordWeight` is how much
/// the number of its words adds to the weight of those that match. `words` are empty once they are in the [Postings].
record Held(
        UUID id,
        long revision,
        UUID namespace,
        String key,
        long expiresAt,
        double importance,
        int length,
        long[] words,
        float wordWeight,
        int firstVector,
        int vectors,
        boolean awaitsVectors) {
    /// What the objects of an entry take, but for its words, characters and vectors.
    private static final int OVERHEAD_BYTES = 200;

    private static final double WORDS_FACTOR = 0.01;
    private static final long[] NO_WORDS = {};

    static Held of(FlatEntry entry, int firstVector) {
        return new Held(
                entry.id(),
                entry.revision(),
                entry.namespace(),
                entry.key(),
                entry.expiresAt(),
                entry.importance(),
                entry.length(),
                entry.words(),
                (float) (1 + WORDS_FACTOR * Math.log1p(entry.words().length)),
                firstVector,
                entry.vectors().size(),
                entry.awaitsVectors());
    }

    Held withoutWords() {
        return new Held(
                id,
                revision,
                namespace,
                key,
                expiresAt,
                importance,
                length,
                NO_WORDS,
                wordWeight,
                firstVector,
                vectors,
                awaitsVectors);
    }

    Name name() {
        return new Name(namespace, key);
    }

    /// Whether the records now have something newer.
    boolean isBefore(FlatEntry next) {
        return revision < next.revision() || (revision == next.revision() && awaitsVectors);
    }

    long bytes() {
        return OVERHEAD_BYTES + (long) words.length * Long.BYTES + key.length();
    }
}
