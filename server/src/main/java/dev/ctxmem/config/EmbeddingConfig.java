package dev.ctxmem.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which embeddings to use. `provider` is `local`, `openai`, `none`, or a class name; an empty `model` is the
/// provider's default;
/// `deadline` bounds how long a write or a search waits.
public record EmbeddingConfig(
        String provider,
        Optional<String> model,
        Optional<Integer> dimensions,
        Duration deadline,
        URI openAiBaseUrl,
        Optional<String> openAiKey,
        List<Path> plugins) {
    public static final String LOCAL = "local";
    public static final String OPENAI = "openai";
    public static final String NONE = "none";

    public EmbeddingConfig {
        plugins = List.copyOf(plugins);
    }

    /// Never prints the key.
    @Override
    public String toString() {
        return "EmbeddingConfig[" + provider + ", " + model.orElse("default model") + "]";
    }
}
