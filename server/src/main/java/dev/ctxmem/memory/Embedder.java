package dev.ctxmem.memory;

import java.util.List;

/// Turns texts into unit vectors. This is the interface of a custom provider too: a class with a public
/// constructor without arguments, or one that takes a `Map<String, String>` (the environment), in a jar on
/// `CTX_PLUGINS`, named by `EMBEDDING_PROVIDER`.
///
/// Calls block; the server calls from one thread at a time and bounds how long it waits. Any exception counts
/// as a failed attempt that is worth repeating, [IllegalArgumentException] as a text that will never work.
public interface Embedder extends AutoCloseable {
    EmbeddingModel model();

    /// The vectors of texts to be found: per text, in order, one vector for each chunk that fits the model's
    /// window. Each vector has [EmbeddingModel#dimension()] finite components and length 1.
    List<List<float[]>> embedPassages(List<String> texts);

    /// The vectors of questions, one for each, in order.
    List<float[]> embedQueries(List<String> texts);

    @Override
    default void close() {}
}
