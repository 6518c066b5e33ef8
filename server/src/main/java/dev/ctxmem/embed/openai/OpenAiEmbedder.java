package dev.ctxmem.embed.openai;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.embed.openai.EmbeddingsJson.UnusableAnswer;
import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Vectors from OpenAI or any service that speaks its `/embeddings`. Thread-safe.
///
/// Throws UNAVAILABLE for a service that fails, with the time to wait where the service told it, and
/// [IllegalArgumentException] for a text that it refuses. No message quotes the key, a text, or an answer.
public final class OpenAiEmbedder implements Embedder {
    /// As many as the least patient server takes (Hugging Face's TEI, by default).
    private static final int INPUTS_PER_REQUEST_MAX = 32;

    /// A refused text no longer than this is not too long.
    private static final int SHORT_BYTES = 400;

    private static final String HARMLESS = "hello";
    private static final int UNKNOWN = 0;

    private final OpenAiSettings settings;
    private final EmbeddingsHttp http;
    private final AtomicInteger dimension;
    private volatile boolean asksForDimensions;

    public OpenAiEmbedder(OpenAiSettings settings) {
        this(settings, Thread::sleep);
    }

    OpenAiEmbedder(OpenAiSettings settings, EmbeddingsHttp.Pause pause) {
        this.settings = settings;
        this.http = new EmbeddingsHttp(settings, pause);
        this.dimension = new AtomicInteger(settings.knownDimension().orElse(UNKNOWN));
        this.asksForDimensions = settings.asksForDimensions();
    }

    /// Asks the service for a vector where the dimension is not known yet.
    @Override
    public EmbeddingModel model() {
        if (dimension.get() == UNKNOWN) {
            embed(List.of(HARMLESS));
        }
        return new EmbeddingModel(settings.model(), dimension.get());
    }

    @Override
    public List<List<float[]>> embedPassages(List<String> texts) {
        List<List<String>> chunks = texts.stream()
                .map(text -> TextChunks.of(text, settings.windowBytes()))
                .toList();
        var vectors = embed(chunks.stream().flatMap(List::stream).toList()).iterator();
        return chunks.stream()
                .map(ofOneText -> ofOneText.stream().map(_ -> vectors.next()).toList())
                .toList();
    }

    /// A question longer than the window is judged by its beginning.
    @Override
    public List<float[]> embedQueries(List<String> texts) {
        return embed(texts.stream()
                .map(text -> TextChunks.first(text, settings.windowBytes()))
                .toList());
    }

    private List<float[]> embed(List<String> inputs) {
        var vectors = new ArrayList<float[]>(inputs.size());
        for (int from = 0; from < inputs.size(); from += INPUTS_PER_REQUEST_MAX) {
            vectors.addAll(
                    embedWhatIsTaken(inputs.subList(from, Math.min(inputs.size(), from + INPUTS_PER_REQUEST_MAX))));
        }
        return vectors;
    }

    /// Halves what is refused: first the list, to spare the other inputs, then the input, for the service may
    /// have a smaller window than we think. What is refused even when short will never be taken.
    private List<float[]> embedWhatIsTaken(List<String> inputs) {
        try {
            return embedOfOneDimension(inputs);
        } catch (IllegalArgumentException refused) {
            int half = inputs.size() / 2;
            if (half > 0) {
                var vectors = new ArrayList<>(embedWhatIsTaken(inputs.subList(0, half)));
                vectors.addAll(embedWhatIsTaken(inputs.subList(half, inputs.size())));
                return vectors;
            }
            int bytes = inputs.getFirst().getBytes(StandardCharsets.UTF_8).length;
            if (bytes <= SHORT_BYTES) {
                throw refused;
            }
            return embedWhatIsTaken(List.of(TextChunks.first(inputs.getFirst(), bytes / 2)));
        }
    }

    private List<float[]> embedOfOneDimension(List<String> inputs) {
        List<float[]> vectors = request(inputs);
        if (isExpected(vectors)) {
            return vectors;
        }
        if (settings.dimensions().isPresent() && !asksForDimensions) {
            asksForDimensions = true;
            vectors = request(inputs);
        }
        int found = vectors.getFirst().length;
        if (isExpected(vectors)) {
            return vectors;
        }
        throw new MemoryException(
                ErrorCode.UNAVAILABLE,
                found > Limits.VECTOR_DIMENSIONS_MAX
                        ? settings.model() + " has vectors of dimension " + found + ", more than "
                                + Limits.VECTOR_DIMENSIONS_MAX + ": set EMBEDDING_DIMENSIONS or use another model."
                        : settings.model() + " gave vectors of dimension " + found + ", not " + dimension.get() + ".");
    }

    /// The first answer decides the dimension where it was not known.
    private boolean isExpected(List<float[]> vectors) {
        int found = vectors.getFirst().length;
        if (found <= Limits.VECTOR_DIMENSIONS_MAX) {
            dimension.compareAndSet(UNKNOWN, found);
        }
        return found == dimension.get();
    }

    private List<float[]> request(List<String> inputs) {
        Optional<Integer> wanted = asksForDimensions ? Optional.of(dimension.get()) : Optional.empty();
        byte[] answer = http.post(EmbeddingsJson.request(settings.model(), inputs, wanted));
        try {
            return EmbeddingsJson.answer(answer, inputs.size());
        } catch (UnusableAnswer e) {
            throw new MemoryException(
                    ErrorCode.UNAVAILABLE,
                    "The answer of the embedding service at " + settings.origin() + " is of no use: " + e.getMessage()
                            + ".",
                    e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
