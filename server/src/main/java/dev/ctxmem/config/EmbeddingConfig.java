package dev.ctxmem.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which embeddings to use. `provider` is `local`, `openai`, `none`, or a class name; an empty `model` is the
/// provider's default;
/// `deadline` bounds how long a write or a search
/// waits; `environment` is what a custom provider may read.
public record EmbeddingConfig(
        String provider,
        Optional<String> model,
        Optional<Integer> dimensions,
        Duration deadline,
        URI openAiBaseUrl,
        Optional<String> openAiKey,
        List<Path> plugins,
        Map<String, String> environment) {
    public static final String LOCAL = "local";
    public static final String OPENAI = "openai";
    public static final String NONE = "none";

    public EmbeddingConfig {
        plugins = List.copyOf(plugins);
        environment = Map.copyOf(environment);
    }

    /// The same but for these.
    public EmbeddingConfig with(String provider, Optional<String> model, Optional<Integer> dimensions) {
        return new EmbeddingConfig(
                provider, model, dimensions, deadline, openAiBaseUrl, openAiKey, plugins, environment);
    }

    /// Never prints the key or the environment.
    @Override
    public String toString() {
        return "EmbeddingConfig[" + provider + ", " + model.orElse("default model") + "]";
    }
}
