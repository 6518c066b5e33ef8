package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import org.jspecify.annotations.Nullable;

/// A [Vectorization] checked and encoded, on the caller's thread, so that the writer has less to do. `model`
/// and `chunks` are there together or not at all.
record Embedding(EmbeddingState state, @Nullable EmbeddingModel model, byte @Nullable [] chunks) {
    static final Embedding NONE = new Embedding(EmbeddingState.READY, null, null);
    static final Embedding PENDING = new Embedding(EmbeddingState.PENDING, null, null);

    static Embedding of(Vectorization vectorization) {
        return switch (vectorization) {
            case Vectorization.Ready ready when ready.chunks().isEmpty() -> NONE;
            case Vectorization.Ready ready -> new Embedding(EmbeddingState.READY, ready.model(), Vectors.encode(ready));
            case Vectorization.Pending() -> PENDING;
            case Vectorization.None() -> NONE;
        };
    }

    /// The number that `entries.embedding` has for a state.
    static int code(EmbeddingState state) {
        return switch (state) {
            case READY -> 0;
            case PENDING -> 1;
            case FAILED -> 2;
        };
    }

    /// The state of a number; null for one that stands for nothing.
    static @Nullable EmbeddingState state(int code) {
        return switch (code) {
            case 0 -> EmbeddingState.READY;
            case 1 -> EmbeddingState.PENDING;
            case 2 -> EmbeddingState.FAILED;
            default -> null;
        };
    }
}
