package dev.ctxmem;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.EmbeddingConfig;
import dev.ctxmem.embed.Batcher;
import dev.ctxmem.embed.Batching;
import dev.ctxmem.embed.onnx.LocalModel;
import dev.ctxmem.embed.onnx.OnnxEmbedder;
import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.Ranking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The embedder in use, with the ranking that fits its model.
final class EmbeddingParts implements AutoCloseable {
    private final @Nullable Batcher batcher;
    private final Ranking ranking;

    private EmbeddingParts(@Nullable Batcher batcher, Ranking ranking) {
        this.batcher = batcher;
        this.ranking = ranking;
    }

    static EmbeddingParts open(EmbeddingConfig config, DataFiles files, AccountStore settings) {
        if (config.provider().equals(EmbeddingConfig.NONE)) {
            return new EmbeddingParts(null, FittedWeights.wordsOnly());
        }
        String name = config.model().orElse(LocalModel.DEFAULT.model().name());
        LocalModel model = LocalModel.named(name)
                .orElseThrow(() ->
                        new ConfigException(List.of("EMBEDDING_MODEL must be one of " + LocalModel.names() + ".")));
        var embedder = OnnxEmbedder.open(model, files.models());
        var batcher = Batcher.start(embedder, new Batching(1, 16, 8_000), Ticker.systemTicker());
        return new EmbeddingParts(batcher, FittedWeights.of(model.model().name()));
    }

    Embeddings embeddings() {
        return batcher == null ? Embeddings.NONE : batcher;
    }

    Ranking ranking() {
        return ranking;
    }

    void register(Metrics metrics) {}

    @Override
    public void close() {
        if (batcher != null) {
            batcher.close();
        }
    }
}
