package dev.ctxmem.memory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Vectors within a deadline: what the rules see of an [Embedder], its queue, its batches and its failures.
/// Thread-safe.
public interface Embeddings {
    /// Whether there is an embedder. If so, what it cannot embed now waits as pending; else search goes by
    /// words alone.
    default boolean isConfigured() {
        return model().isPresent();
    }

    /// The model in use; empty when there is none, or while a provider has not told the dimension of its
    /// vectors yet. There whenever a vector is.
    Optional<EmbeddingModel> model();

    /// The chunk vectors of a text that is being written; empty when they are late, the queue is full, or the
    /// provider fails or has been failing. Never throws for the provider's sake.
    Optional<List<float[]>> passage(String text, Duration deadline);

    /// The vector of a question, remembered per account for a while; empty as above.
    Optional<float[]> query(UUID account, String text, Duration deadline);

    /// The chunk vectors of texts that wait as pending, for background work: blocks without a deadline behind
    /// everything that has one. Throws what the provider throws.
    List<List<float[]>> backlog(List<String> texts);

    /// No embedder at all.
    Embeddings NONE = new Embeddings() {
        @Override
        public Optional<EmbeddingModel> model() {
            return Optional.empty();
        }

        @Override
        public Optional<List<float[]>> passage(String text, Duration deadline) {
            return Optional.empty();
        }

        @Override
        public Optional<float[]> query(UUID account, String text, Duration deadline) {
            return Optional.empty();
        }

        @Override
        public List<List<float[]>> backlog(List<String> texts) {
            throw new IllegalStateException("No embedder is configured.");
        }
    };
}
