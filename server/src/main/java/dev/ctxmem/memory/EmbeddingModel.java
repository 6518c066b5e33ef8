package dev.ctxmem.memory;

import dev.ctxmem.core.Limits;

/// Which model made a vector: vectors of different models are never compared. `dimension` is 1 to 2,000.
public record EmbeddingModel(String name, int dimension) {
    public EmbeddingModel {
        if (name.isBlank() || dimension < 1 || dimension > Limits.VECTOR_DIMENSIONS_MAX) {
            throw new IllegalArgumentException("model '" + name + "' of dimension " + dimension);
        }
    }
}
