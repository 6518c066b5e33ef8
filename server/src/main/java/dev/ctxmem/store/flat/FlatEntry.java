package dev.ctxmem.store.flat;

import java.util.List;
import java.util.UUID;

/// A live entry, as the records have it.
///
/// @param expiresAt in epoch milliseconds; [#NEVER]
/// @param words hashes of its stems and tags, in any order
/// @param length content stems, repeats included
/// @param vectors of the index's model, one for each chunk
/// @param awaitsVectors it has none yet, and will get some without a new revision
public record FlatEntry(
        UUID id,
        long revision,
        UUID namespace,
        String key,
        long expiresAt,
        double importance,
        int length,
        long[] words,
        List<float[]> vectors,
        boolean awaitsVectors) {
    public static final long NEVER = Long.MAX_VALUE;

    public FlatEntry {
        vectors = List.copyOf(vectors);
    }

    Name name() {
        return new Name(namespace, key);
    }
}
