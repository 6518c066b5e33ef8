package dev.ctxmem.memory;

import java.util.List;

/// What a write brings along for search by meaning.
public sealed interface Vectorization {
    /// The vectors, one for each chunk of the entry's text; all of `model`.
    record Ready(EmbeddingModel model, List<float[]> chunks) implements Vectorization {
        public Ready {
            chunks = List.copyOf(chunks);
        }
    }

    /// The vectors follow later: the write leaves a job behind, in its own transaction.
    record Pending() implements Vectorization {}

    /// No embedder is configured; the entry is found by words.
    record None() implements Vectorization {}
}
