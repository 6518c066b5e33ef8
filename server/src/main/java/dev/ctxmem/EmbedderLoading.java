package dev.ctxmem;

import dev.ctxmem.embed.Embedders;
import dev.ctxmem.embed.EmbeddingProvider;
import dev.ctxmem.memory.Embedder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// An embedder that is opened on a thread of its own: a local model takes as long as the store, and neither needs the
/// other.
final class EmbedderLoading implements AutoCloseable {
    private final EmbeddingProvider provider;
    private final CompletableFuture<Embedder> opening;
    private boolean taken;

    private EmbedderLoading(EmbeddingProvider provider) {
        this.provider = provider;
        opening = CompletableFuture.supplyAsync(
                () -> Embedders.open(provider),
                work -> Thread.ofPlatform().name("embedder-loading").daemon().start(work));
    }

    static EmbedderLoading start(EmbeddingProvider provider) {
        return new EmbedderLoading(provider);
    }

    EmbeddingProvider provider() {
        return provider;
    }

    /// Waits for the embedder, which is the caller's from now on. Throws what [Embedders#open] throws.
    Embedder take() {
        try {
            Embedder embedder = opening.join();
            taken = true;
            return embedder;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Does not wait: an embedder that nobody took is closed when it is there.
    @Override
    public void close() {
        if (!taken) {
            var _ = opening.thenAccept(Embedder::close);
        }
    }
}
