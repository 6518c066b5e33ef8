package dev.ctxmem.embed;

import dev.ctxmem.embed.onnx.LocalModel;
import dev.ctxmem.embed.openai.OpenAiSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where vectors come from.
public sealed interface EmbeddingProvider {
    /// A model in this process, whose files are kept in `cacheDirectory`.
    record Local(LocalModel model, Path cacheDirectory) implements EmbeddingProvider {
        /// Throws [IllegalArgumentException], with the names there are, for one that is unknown.
        public static Local named(String model, Path cacheDirectory) {
            return new Local(
                    LocalModel.named(model)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "There is no local model '" + model + "'; there are " + LocalModel.names() + ".")),
                    cacheDirectory);
        }
    }

    /// OpenAI or a service like it.
    record OpenAi(OpenAiSettings settings) implements EmbeddingProvider {}

    /// A class of the operator's own, in `jars` or on the class path; `environment` is what it may read.
    record Plugin(String className, List<Path> jars, Map<String, String> environment) implements EmbeddingProvider {
        public Plugin {
            jars = List.copyOf(jars);
            environment = Map.copyOf(environment);
        }

        /// Never prints the environment.
        @Override
        public String toString() {
            return "Plugin[" + className + ", " + jars + "]";
        }
    }
}
