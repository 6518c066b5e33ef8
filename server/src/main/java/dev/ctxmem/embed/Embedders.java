package dev.ctxmem.embed;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.embed.onnx.OnnxEmbedder;
import dev.ctxmem.embed.openai.OpenAiEmbedder;
import dev.ctxmem.memory.Embedder;

/// Makes embedders: the door of this package. [#open] and [#start] together are what a server needs; [#open]
/// alone what a calibration or a benchmark needs.
public final class Embedders {
    /// Local threads beyond four take memory (20 MB each) that a server has better uses for.
    private static final int LOCAL_THREADS_MAX = 4;

    private Embedders() {}

    /// Throws [IllegalArgumentException] for a plugin that cannot be used, [IllegalStateException] where local
    /// models do not run, [java.io.UncheckedIOException] where their files cannot be written. A remote service
    /// is not asked.
    public static Embedder open(EmbeddingProvider provider) {
        return switch (provider) {
            case EmbeddingProvider.Local local -> OnnxEmbedder.open(local.model(), local.cacheDirectory());
            case EmbeddingProvider.OpenAi openAi -> new OpenAiEmbedder(openAi.settings());
            case EmbeddingProvider.Plugin plugin -> EmbedderPlugins.load(plugin);
        };
    }

    /// An embedder of this provider behind a [Batcher], which owns it from now on. `processors` is how many the
    /// machine has.
    public static Batcher start(EmbeddingProvider provider, Embedder embedder, int processors, Ticker ticker) {
        return Batcher.start(embedder, batching(provider, processors), ticker);
    }

    static Batching batching(EmbeddingProvider provider, int processors) {
        return switch (provider) {
            // Two at least: the one that leaves the backlog to the other keeps searches fast. A batch gains nothing.
            case EmbeddingProvider.Local _ -> new Batching(Math.clamp(processors - 1, 2, LOCAL_THREADS_MAX), 1, 8_000);
            case EmbeddingProvider.OpenAi _ -> new Batching(4, 32, 100_000);
            // The contract of plugins: one thread at a time.
            case EmbeddingProvider.Plugin _ -> new Batching(1, 16, 32_000);
        };
    }
}
