package dev.ctxmem.store.flat;

import java.util.List;
import java.util.UUID;

/// A live entry, as the records have it.
///
/// @param words hashes of its stems and tags, in any order
/// @param vectors of the index's model, one for each chunk
public record FlatEntry(Head head, long[] words, List<float[]> vectors) {
    public static final long NEVER = Long.MAX_VALUE;

    public FlatEntry {
        vectors = List.copyOf(vectors);
    }

    /// All but the words and vectors, which an index keeps for all entries together.
    ///
    /// @param expiresAt in epoch milliseconds; [FlatEntry#NEVER]
    /// @param length content stems, repeats included
    /// @param awaitsVectors it has none yet, and will get some without a new revision
    public record Head(
            UUID id,
            long revision,
            UUID namespace,
            String key,
            long expiresAt,
            double importance,
            int length,
            boolean awaitsVectors) {
        Name name() {
            return new Name(namespace, key);
        }

        /// Whether the records now have something newer.
        boolean isBefore(Head next) {
            return revision < next.revision || (revision == next.revision && awaitsVectors);
        }
    }
}
