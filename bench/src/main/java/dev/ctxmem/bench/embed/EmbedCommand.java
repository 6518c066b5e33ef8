package dev.ctxmem.bench.embed;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.Median;
import dev.ctxmem.bench.load.Sentences;
import dev.ctxmem.embed.Batcher;
import dev.ctxmem.embed.Embedders;
import dev.ctxmem.embed.EmbeddingProvider;
import dev.ctxmem.embed.onnx.LocalModel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench embed`: texts a second of our embedder as the server uses it, by turns with LangChain4j's class for
/// the same model file, in both of its ways (a list at once, and a text at a time from as many threads), each with
/// the ONNX Runtime it comes with.
@Command(
        name = "embed",
        description = "Compare local embedding with LangChain4j's class for the same model, by turns.",
        mixinStandardHelpOptions = true)
public final class EmbedCommand implements Runnable {
    private static final long SEED = 7;
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private final PrintStream out;

    @Option(names = "--texts", defaultValue = "400", description = "In each run; default: ${DEFAULT-VALUE}.")
    private int texts;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--clients", defaultValue = "16", description = "Callers at once; default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--cache", defaultValue = "bench/target/models", description = "Default: ${DEFAULT-VALUE}.")
    private Path cache = Path.of("");

    @Option(
            names = "--runtime",
            required = true,
            description = "The jar of ONNX Runtime that LangChain4j asks for; bin/bench knows it.")
    private Path runtime = Path.of("");

    /// Figures go to `out`.
    public EmbedCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        List<String> notes = notes(texts);
        var provider = new EmbeddingProvider.Local(LocalModel.BGE_SMALL_EN, cache.toAbsolutePath());
        var ours = new ArrayList<Double>();
        var list = new ArrayList<Double>();
        var single = new ArrayList<Double>();
        int processors = Runtime.getRuntime().availableProcessors();
        var crew = new Crew(clients);
        try (Batcher batcher = Embedders.start(provider, Embedders.open(provider), processors, Ticker.systemTicker());
                Peer peer = Peer.start(runtime, texts, clients)) {
            for (int round = 0; round <= rounds; round++) {
                double a = crew.work(
                                notes, text -> batcher.passage(text, DEADLINE).orElseThrow())
                        .perSecond();
                double b = peer.perSecond(LangChain4j.LIST);
                double c = peer.perSecond(LangChain4j.SINGLE);
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

    /// The same for both sides.
    static List<String> notes(int count) {
        return Stream.generate(new Sentences(SEED)::note).limit(count).toList();
    }
}
