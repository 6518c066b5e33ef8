package dev.ctxmem.bench.embed;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.Median;
import dev.ctxmem.bench.load.Sentences;
import dev.ctxmem.embed.Batcher;
import dev.ctxmem.embed.Embedders;
import dev.ctxmem.embed.EmbeddingProvider;
import dev.ctxmem.embed.onnx.LocalModel;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench embed`: texts a second of our embedder as the server uses it, by turns with LangChain4j's class for
/// the same model file, in both of its ways: a list at once, and a text at a time from as many threads.
@Command(
        name = "embed",
        description = "Compare local embedding with LangChain4j's class for the same model, by turns.",
        mixinStandardHelpOptions = true)
public final class EmbedCommand implements Runnable {
    private static final long SEED = 7;
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;

    @Option(names = "--texts", defaultValue = "400", description = "In each run; default: ${DEFAULT-VALUE}.")
    private int texts;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--clients", defaultValue = "16", description = "Callers at once; default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--cache", defaultValue = "bench/target/models", description = "Default: ${DEFAULT-VALUE}.")
    private Path cache = Path.of("");

    /// Figures go to `out`.
    public EmbedCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        var sentences = new Sentences(SEED);
        List<String> notes = Stream.generate(sentences::note).limit(texts).toList();
        var provider = new EmbeddingProvider.Local(LocalModel.BGE_SMALL_EN, cache.toAbsolutePath());
        EmbeddingModel other = new BgeSmallEnV15QuantizedEmbeddingModel();
        var ours = new ArrayList<Double>();
        var list = new ArrayList<Double>();
        var single = new ArrayList<Double>();
        int processors = Runtime.getRuntime().availableProcessors();
        try (Batcher batcher = Embedders.start(provider, Embedders.open(provider), processors, Ticker.systemTicker())) {
            for (int round = 0; round <= rounds; round++) {
                double a =
                        together(notes, text -> batcher.passage(text, DEADLINE).orElseThrow());
                double b = perSecond(() ->
                        other.embedAll(notes.stream().map(TextSegment::from).toList()));
                double c = together(notes, other::embed);
                out.printf(Locale.ROOT, "ours %6.1f   LangChain4j embedAll %6.1f   embed %6.1f texts/s%n", a, b, c);
                if (round > 0) {
                    ours.add(a);
                    list.add(b);
                    single.add(c);
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "ratio of the medians: %.2f of embedAll, %.2f of embed%n",
                Median.of(ours) / Median.of(list),
                Median.of(ours) / Median.of(single));
    }

    private double together(List<String> notes, Function<String, Object> task) {
        return new Crew(clients).work(notes, task).perSecond();
    }

    private double perSecond(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return texts / ((System.nanoTime() - start) / NANOS_PER_SECOND);
    }
}
