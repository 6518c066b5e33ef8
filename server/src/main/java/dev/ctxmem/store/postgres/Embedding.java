package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A [Vectorization] checked and written as pgvector reads it, on the caller's thread, before any lock is held.
/// `model` is null where there are no chunks.
record Embedding(EmbeddingState state, @Nullable EmbeddingModel model, List<String> chunks) {
    static final Embedding NONE = new Embedding(EmbeddingState.READY, null, List.of());
    static final Embedding PENDING = new Embedding(EmbeddingState.PENDING, null, List.of());

    static Embedding of(Vectorization vectorization) {
        return switch (vectorization) {
            case Vectorization.Ready ready when ready.chunks().isEmpty() -> NONE;
            case Vectorization.Ready ready ->
                new Embedding(
                        EmbeddingState.READY,
                        ready.model(),
                        ready.chunks().stream()
                                .map(chunk -> checked(chunk, ready.model()))
                                .toList());
            case Vectorization.Pending() -> PENDING;
            case Vectorization.None() -> NONE;
        };
    }

    /// `[0.1,0.2]`, each number as short as it can be without becoming another one.
    static String text(float[] vector) {
        var text = new StringBuilder(vector.length * 12).append('[');
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }

    /// What [#text] wrote, or pgvector.
    static float[] parse(String text) {
        String[] parts = text.substring(1, text.length() - 1).split(",", -1);
        var vector = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            vector[i] = Float.parseFloat(parts[i]);
        }
        return vector;
    }

    private static String checked(float[] chunk, EmbeddingModel model) {
        if (chunk.length != model.dimension()) {
            throw new IllegalArgumentException(
                    "a vector of " + chunk.length + " for " + model.name() + " of " + model.dimension());
        }
        return text(chunk);
    }

    /// As `entries.embedding_state` has it.
    static String name(EmbeddingState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static EmbeddingState state(String name) {
        return EmbeddingState.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
