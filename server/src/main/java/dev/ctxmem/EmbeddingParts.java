package dev.ctxmem;

import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.EmbeddingConfig;
import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.Ranking;
import java.util.List;

/// The embedder in use, with the ranking that fits its model.
final class EmbeddingParts implements AutoCloseable {
    private final Embeddings embeddings;
    private final Ranking ranking;

    private EmbeddingParts(Embeddings embeddings, Ranking ranking) {
        this.embeddings = embeddings;
        this.ranking = ranking;
    }

    static EmbeddingParts open(EmbeddingConfig config, DataFiles files, AccountStore settings) {
        if (!config.provider().equals(EmbeddingConfig.NONE)) {
            throw new ConfigException(List.of("not wired yet"));
        }
        return new EmbeddingParts(Embeddings.NONE, FittedWeights.wordsOnly());
    }

    Embeddings embeddings() {
        return embeddings;
    }

    Ranking ranking() {
        return ranking;
    }

    void register(Metrics metrics) {}

    @Override
    public void close() {}
}
