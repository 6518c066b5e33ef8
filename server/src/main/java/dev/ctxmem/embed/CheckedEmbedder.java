package dev.ctxmem.embed;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An embedder whose answers are looked at before they are believed, for any provider may be garbage.
/// Thread-safe if the embedder is.
final class CheckedEmbedder implements AutoCloseable {
    /// How far from 1 the length of a unit vector may be.
    private static final double LENGTH_TOLERANCE = 1e-3;

    /// A text that no provider refuses.
    private static final String HARMLESS = "hello";

    private final Embedder embedder;
    private volatile @Nullable EmbeddingModel model;

    CheckedEmbedder(Embedder embedder) {
        this.embedder = embedder;
    }

    /// Empty until the embedder could tell; see [#learnModel].
    Optional<EmbeddingModel> model() {
        return Optional.ofNullable(model);
    }

    /// Asks the embedder for its model, which may need the provider and so may fail.
    EmbeddingModel learnModel() {
        EmbeddingModel known = model;
        if (known == null) {
            known = embedder.model();
            model = known;
        }
        return known;
    }

    /// Per text its vectors, one for a query, one for each chunk of anything else. Throws what the embedder
    /// throws, and [IllegalStateException] when its answer is not what was asked for.
    List<List<float[]>> embed(Lane lane, List<String> texts) {
        EmbeddingModel expected = learnModel();
        List<List<float[]>> vectors = lane == Lane.QUERY
                ? embedder.embedQueries(texts).stream().map(List::of).toList()
                : embedder.embedPassages(texts);
        require(vectors.size() == texts.size(), expected, "gave " + vectors.size() + " answers to " + texts.size());
        for (List<float[]> chunks : vectors) {
            require(!chunks.isEmpty(), expected, "gave no vector for a text");
            chunks.forEach(vector -> check(vector, expected));
        }
        return vectors;
    }

    /// Whether the provider takes a text that nothing is wrong with.
    boolean answers() {
        try {
            embed(Lane.QUERY, List.of(HARMLESS));
            return true;
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    private static void check(float[] vector, EmbeddingModel expected) {
        require(vector.length == expected.dimension(), expected, "gave a vector of dimension " + vector.length);
        double square = 0;
        for (float component : vector) {
            square += (double) component * component;
        }
        require(Math.abs(Math.sqrt(square) - 1) <= LENGTH_TOLERANCE, expected, "gave a vector that has not length 1");
    }

    private static void require(boolean asExpected, EmbeddingModel model, String otherwise) {
        if (!asExpected) {
            throw new IllegalStateException(
                    "The embedder of " + model.name() + " (dimension " + model.dimension() + ") " + otherwise + ".");
        }
    }

    @Override
    public void close() {
        embedder.close();
    }
}
