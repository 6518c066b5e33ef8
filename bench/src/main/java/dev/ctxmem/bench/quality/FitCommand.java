package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.FeatureTable.Statistics;
import dev.ctxmem.bench.quality.Fit.Part;
import dev.ctxmem.embed.Calibration;
import dev.ctxmem.embed.onnx.LocalModel;
import dev.ctxmem.embed.onnx.OnnxEmbedder;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.Ranking.Weights;
import dev.ctxmem.text.EnglishWords;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench fit`: prints weights for [dev.ctxmem.memory.FittedWeights], and what they are worth on questions that
/// they were not fitted on.
@Command(
        name = "fit",
        description = "Fit the weights of the ranking, for each local model and for words alone.",
        mixinStandardHelpOptions = true)
public final class FitCommand implements Runnable {
    private final PrintStream out;

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            required = true,
            defaultValue = "${env:CTX_BENCH_DATA}",
            description = "Has locomo/ and scifact/; default: CTX_BENCH_DATA.")
    private Path data = Path.of("");

    @Option(
            names = "--cache",
            paramLabel = "DIRECTORY",
            description = "Keeps models and vectors; default: ${DEFAULT-VALUE}.")
    private Path cache = Path.of("bench", "target", "cache");

    @Option(names = "--model", paramLabel = "NAME", split = ",", description = "Default: every local model.")
    private List<String> models = Arrays.stream(LocalModel.values())
            .map(local -> local.model().name())
            .toList();

    @Option(
            names = "--statistics",
            description = "What stems are counted over: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Statistics statistics = Statistics.ACCOUNT;

    @Option(names = "--conversations-only", description = "Leave SciFact out: it takes most of the time.")
    private boolean conversationsOnly;

    public FitCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        try {
            Files.createDirectories(cache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < models.size(); i++) {
            LocalModel local = LocalModel.named(models.get(i)).orElseThrow();
            try (var embedder = OnnxEmbedder.open(local, cache)) {
                Fit fit = fit(new VectorFile(cache, embedder));
                String name = local.model().name();
                print(name, fit, fit.weights(Judged.COSINE, Judged.COVERAGE, Judged.LENGTH));
                Calibration.Fit cosine = Calibration.fit(embedder);
                print(
                        name + ", as if it were unknown",
                        fit,
                        FittedWeights.weightsFromCosine(cosine.bias(), cosine.scale()));
                if (i == 0) {
                    print("words alone", fit, fit.weights(Judged.COVERAGE));
                }
            }
        }
    }

    private Fit fit(VectorFile vectors) {
        var locomo = new Locomo(data);
        var parts = new ArrayList<>(List.of(
                new Part(table(locomo.turns(), vectors), Locomo::isFitted),
                new Part(table(locomo.sessions(), vectors), Locomo::isFitted)));
        if (!conversationsOnly) {
            var sciFact = new SciFact(data);
            parts.add(new Part(table(sciFact.train(), vectors), shelf -> true));
            parts.add(new Part(table(sciFact.test(), vectors), shelf -> false));
        }
        return new Fit(parts);
    }

    private FeatureTable table(TestSet set, VectorFile vectors) {
        return new FeatureTable(set, new EnglishWords(), vectors, statistics);
    }

    private void print(String name, Fit fit, Weights weights) {
        out.printf(
                Locale.ROOT,
                "%n%s: new Weights(%.2f, %.2f, %.2f, %.2f)%n",
                name,
                weights.bias(),
                weights.cosine(),
                weights.coverage(),
                weights.length());
        fit.figures(weights).forEach(figure -> out.println("  " + figure.line()));
        out.flush();
    }
}
