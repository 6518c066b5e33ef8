package dev.ctxmem.embed.openai;

import dev.ctxmem.core.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where and what to ask: `POST {baseUrl}/embeddings`, as OpenAI defines it and Ollama, TEI, vLLM, LM Studio
/// and LiteLLM have it too. `dimensions` is the dimension to ask for where it is given; the `window` is the
/// bytes of UTF-8 that one vector stands for.
public record OpenAiSettings(
        URI baseUrl, Optional<String> key, String model, Optional<Integer> dimensions, Timeouts timeouts) {
    public static final URI OPENAI = URI.create("https://api.openai.com/v1");
    public static final String DEFAULT_MODEL = "text-embedding-3-small";

    /// Models that can shorten their vectors, by the beginning of their name.
    private static final String SHORTENING_MODELS = "text-embedding-3-";

    private static final String LARGE_MODEL = "text-embedding-3-large";

    /// Native dimensions, so that a server can start while OpenAI is down; 3,072 of the large model are too
    /// many for the stores' indexes, and it gives 1,536 just as well.
    private static final Map<String, Integer> KNOWN_DIMENSIONS =
            Map.of(DEFAULT_MODEL, 1536, LARGE_MODEL, 1536, "text-embedding-ada-002", 1536);

    /// A token of a byte-level vocabulary has at least one byte: so many bytes fit into OpenAI's 8,191 tokens
    /// whatever they say.
    private static final int OPENAI_WINDOW_BYTES = 8_000;

    /// Other models' windows are not known. Most have 512 tokens or more: of about 4 bytes each in English, of
    /// 3 in Chinese.
    private static final int OTHER_WINDOW_BYTES = 1_500;

    public OpenAiSettings {
        if (!baseUrl.isAbsolute() || baseUrl.getHost() == null || baseUrl.getRawQuery() != null) {
            throw new IllegalArgumentException("The base URL must be like https://host/v1, without a query.");
        }
        // A header's value is quoted by whoever refuses it: refuse it first.
        if (key.isPresent() && !key.get().chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("The key has characters that no key has.");
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("The model has no name.");
        }
        if (dimensions.isPresent() && (dimensions.get() < 1 || dimensions.get() > Limits.VECTOR_DIMENSIONS_MAX)) {
            throw new IllegalArgumentException("dimensions must be 1 to " + Limits.VECTOR_DIMENSIONS_MAX);
        }
    }

    /// OpenAI itself with its default model.
    public static OpenAiSettings withKey(String key) {
        return new OpenAiSettings(OPENAI, Optional.of(key), DEFAULT_MODEL, Optional.empty(), Timeouts.DEFAULT);
    }

    /// The dimension as far as it is known without asking.
    Optional<Integer> knownDimension() {
        return dimensions.or(() -> Optional.ofNullable(KNOWN_DIMENSIONS.get(model)));
    }

    /// Whether the first request says which dimension it wants; others ask only if the model's own is not the
    /// wanted one, for many servers refuse a request that names any.
    boolean asksForDimensions() {
        return model.equals(LARGE_MODEL) || (dimensions.isPresent() && model.startsWith(SHORTENING_MODELS));
    }

    int windowBytes() {
        return KNOWN_DIMENSIONS.containsKey(model) ? OPENAI_WINDOW_BYTES : OTHER_WINDOW_BYTES;
    }

    URI endpoint() {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/embeddings");
    }

    /// Scheme, host and port: what a message may name.
    String origin() {
        return baseUrl.getScheme() + "://" + baseUrl.getHost() + (baseUrl.getPort() < 0 ? "" : ":" + baseUrl.getPort());
    }

    /// Never prints the key.
    @Override
    public String toString() {
        return "OpenAiSettings[" + origin() + ", " + model + "]";
    }

    /// How long to wait for a connection, and for one whole answer from the request's first byte on.
    public record Timeouts(Duration connect, Duration answer) {
        public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(10));
    }
}
