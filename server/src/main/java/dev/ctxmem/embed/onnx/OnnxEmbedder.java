package dev.ctxmem.embed.onnx;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A [LocalModel] at work: no key, no network. Thread-safe; each call computes on the thread that makes it, so
/// calls belong on platform threads.
///
/// **One text, one vector.** Each sequence is a run of its own, never part of a batch. The int8 models scale
/// their activations over the whole input, so in a batch a text's vector depends on its neighbours (cosine to
/// itself down to 0.985): an entry would be found or not by what others wrote at the same time. Runs of one
/// cost a quarter of the throughput, and save the padding and 100 MB of memory.
public final class OnnxEmbedder implements Embedder {
    private final LocalModel local;
    private final WordPiece wordPiece;
    private final Windows queryWindows;
    private final Windows passageWindows;
    private final ModelSession session;

    private OnnxEmbedder(LocalModel local, WordPiece wordPiece, ModelSession session) {
        this.local = local;
        this.wordPiece = wordPiece;
        this.queryWindows = windows(local.queryPrefix());
        this.passageWindows = windows(local.passagePrefix());
        this.session = session;
    }

    /// Loads a model, which takes some 0.4 s. Its file and the runtime's libraries are kept in `cacheDirectory`
    /// (60 MB), where several processes may share them. Throws [IllegalStateException] where the runtime does
    /// not run, [java.io.UncheckedIOException] where the files cannot be written.
    public static OnnxEmbedder open(LocalModel local, Path cacheDirectory) {
        return new OnnxEmbedder(
                local,
                local.tokenizer(),
                ModelSession.open(
                        NativeRuntime.start(cacheDirectory),
                        local.provideModel(cacheDirectory),
                        local.pooling(),
                        local.window()));
    }

    private Windows windows(String prefix) {
        return new Windows(wordPiece.id("[CLS]"), wordPiece.id("[SEP]"), wordPiece.encode(prefix), local.window());
    }

    @Override
    public EmbeddingModel model() {
        return local.model();
    }

    @Override
    public List<List<float[]>> embedPassages(List<String> texts) {
        var vectors = new ArrayList<List<float[]>>(texts.size());
        for (String text : texts) {
            var chunks = new ArrayList<float[]>();
            for (long[] sequence : passageWindows.split(wordPiece.encode(text))) {
                chunks.add(session.run(sequence));
            }
            vectors.add(chunks);
        }
        return vectors;
    }

    /// A question longer than the window is judged by its beginning.
    @Override
    public List<float[]> embedQueries(List<String> texts) {
        var vectors = new ArrayList<float[]>(texts.size());
        for (String text : texts) {
            vectors.add(session.run(queryWindows.first(wordPiece.encode(text))));
        }
        return vectors;
    }

    /// Waits for the runs under way; later calls throw [IllegalStateException].
    @Override
    public void close() {
        session.close();
    }
}
