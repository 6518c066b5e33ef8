package dev.ctxmem.bench.embed;

import dev.ctxmem.bench.Crew;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// LangChain4j's class for the model, in a process of its own with the runtime that it comes with: a process holds
/// one copy of ONNX Runtime, and ours is another version. Reads one word a line, `all` or `single`, and answers with
/// texts a second.
public final class LangChain4j {
    static final String LIST = "all";
    static final String SINGLE = "single";

    private static final double NANOS_PER_SECOND = 1e9;

    private LangChain4j() {}

    /// Arguments: texts, clients.
    public static void main(String[] arguments) throws IOException {
        List<String> notes = EmbedCommand.notes(Integer.parseInt(arguments[0]));
        var crew = new Crew(Integer.parseInt(arguments[1]));
        EmbeddingModel model = new BgeSmallEnV15QuantizedEmbeddingModel();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String way = in.readLine(); way != null; way = in.readLine()) {
                System.out.println(
                        way.equals(LIST)
                                ? list(model, notes)
                                : crew.work(notes, model::embed).perSecond());
            }
        }
    }

    private static double list(EmbeddingModel model, List<String> notes) {
        long start = System.nanoTime();
        model.embedAll(notes.stream().map(TextSegment::from).toList());
        return notes.size() / ((System.nanoTime() - start) / NANOS_PER_SECOND);
    }
}
