package dev.ctxmem;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.EmbeddingConfig;
import dev.ctxmem.embed.Batcher;
import dev.ctxmem.embed.Calibration;
import dev.ctxmem.embed.Embedders;
import dev.ctxmem.embed.EmbeddingProvider;
import dev.ctxmem.embed.EmbeddingStatistics;
import dev.ctxmem.embed.onnx.LocalModel;
import dev.ctxmem.embed.openai.OpenAiSettings;
import dev.ctxmem.http.Metrics;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.Ranking;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The embedder in use, with the ranking that fits its model. A model without fitted weights is calibrated
/// once, and what was found is kept in the store's settings.
final class EmbeddingParts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EmbeddingParts.class.getName());

    private static final Duration CALIBRATION_RETRY = Duration.ofMinutes(1);

    /// Until a model is calibrated: middling among the models we know.
    private static final Ranking UNCALIBRATED = FittedWeights.fromCosine(-5, 11);

    private final @Nullable Batcher batcher;
    private @Nullable Background calibration;
    private volatile Ranking ranking;

    private EmbeddingParts(@Nullable Batcher batcher, Ranking ranking) {
        this.batcher = batcher;
        this.ranking = ranking;
    }

    /// Begins to open what is configured; empty where that is no embedder. [ConfigException] for a provider or a
    /// model that there is not.
    static Optional<EmbedderLoading> load(EmbeddingConfig config, DataFiles files) {
        if (config.provider().equals(EmbeddingConfig.NONE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(EmbedderLoading.start(provider(config, files)));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /// [ConfigException] for a provider or a model that cannot be used.
    static EmbeddingParts open(Optional<EmbedderLoading> loading, AccountStore settings) {
        return loading.map(it -> open(it, settings))
                .orElseGet(() -> new EmbeddingParts(null, FittedWeights.wordsOnly()));
    }

    private static EmbeddingParts open(EmbedderLoading loading, AccountStore settings) {
        try {
            EmbeddingProvider provider = loading.provider();
            Embedder embedder = loading.take();
            if (provider instanceof EmbeddingProvider.Plugin) {
                // Before the batcher has it: a plugin is called from one thread at a time.
                calibrated(embedder, settings);
            }
            int processors = Runtime.getRuntime().availableProcessors();
            Batcher batcher = Embedders.start(provider, embedder, processors, Ticker.systemTicker());
            Ranking ranking = provider instanceof EmbeddingProvider.Local
                    ? FittedWeights.of(embedder.model().name())
                    : UNCALIBRATED;
            var parts = new EmbeddingParts(batcher, ranking);
            parts.calibration = Background.start(
                    "calibration", CALIBRATION_RETRY, () -> parts.calibrate(provider, embedder, settings));
            return parts;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    Embeddings embeddings() {
        return batcher == null ? Embeddings.NONE : batcher;
    }

    Ranking ranking() {
        return ranking;
    }

    /// Figures of the parts in use; a server that starts without an embedder has none.
    static void register(Metrics metrics, Supplier<EmbeddingParts> inUse) {
        if (inUse.get().batcher == null) {
            return;
        }
        gauge(metrics, inUse, "queued", "Texts that wait for their vectors.", EmbeddingStatistics::queued);
        gauge(metrics, inUse, "circuit.open", "1 while the provider is not asked.", s -> s.circuitOpen() ? 1 : 0);
        count(metrics, inUse, "embedded", "Texts embedded.", EmbeddingStatistics::embedded);
        count(metrics, inUse, "failures", "Calls that the provider failed.", EmbeddingStatistics::failures);
        count(metrics, inUse, "late", "Texts whose vectors came after the deadline.", EmbeddingStatistics::late);
        count(metrics, inUse, "refused", "Texts refused at once.", EmbeddingStatistics::refused);
        count(metrics, inUse, "cache.hits", "Questions whose vector was known.", EmbeddingStatistics::cacheHits);
        count(metrics, inUse, "cache.misses", "Questions whose vector was not.", EmbeddingStatistics::cacheMisses);
        count(
                metrics,
                inUse,
                "question.seconds",
                "Time that searches waited for the vectors of their questions.",
                statistics -> statistics.questionWait().toNanos() / 1e9);
    }

    @Override
    public void close() {
        if (calibration != null) {
            calibration.close();
        }
        if (batcher != null) {
            batcher.close();
        }
    }

    private static void gauge(
            Metrics metrics,
            Supplier<EmbeddingParts> inUse,
            String name,
            String meaning,
            ToDoubleFunction<EmbeddingStatistics> figure) {
        metrics.gauge("ctx.embedder." + name, meaning, () -> now(inUse, figure));
    }

    private static void count(
            Metrics metrics,
            Supplier<EmbeddingParts> inUse,
            String name,
            String meaning,
            ToDoubleFunction<EmbeddingStatistics> figure) {
        metrics.counter("ctx.embedder." + name, meaning, () -> now(inUse, figure));
    }

    private static double now(Supplier<EmbeddingParts> inUse, ToDoubleFunction<EmbeddingStatistics> figure) {
        Batcher batcher = inUse.get().batcher;
        return batcher == null ? 0 : figure.applyAsDouble(batcher.statistics());
    }

    /// False always: it is done, or tried again after a pause by itself.
    private boolean calibrate(EmbeddingProvider provider, Embedder embedder, AccountStore settings) {
        if (ranking != UNCALIBRATED) {
            return false;
        }
        if (provider instanceof EmbeddingProvider.Plugin) {
            stored(embedder.model(), settings).ifPresent(found -> ranking = found);
        } else {
            ranking = calibrated(embedder, settings);
        }
        return false;
    }

    private static Ranking calibrated(Embedder embedder, AccountStore settings) {
        EmbeddingModel model = embedder.model();
        return stored(model, settings).orElseGet(() -> {
            Calibration.Fit fit = Calibration.fit(embedder);
            settings.putSetting(settingName(model), fit.bias() + " " + fit.scale());
            LOG.log(Level.INFO, "Calibrated the similarity for the model " + model.name() + ".");
            return FittedWeights.fromCosine(fit.bias(), fit.scale());
        });
    }

    /// The ranking of a model that was fitted here or before.
    private static Optional<Ranking> stored(EmbeddingModel model, AccountStore settings) {
        if (FittedWeights.covers(model.name())) {
            return Optional.of(FittedWeights.of(model.name()));
        }
        return settings.setting(settingName(model)).map(text -> {
            String[] numbers = text.split(" ", 2);
            return FittedWeights.fromCosine(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        });
    }

    private static String settingName(EmbeddingModel model) {
        return "calibration." + model.name() + "." + model.dimension();
    }

    private static EmbeddingProvider provider(EmbeddingConfig config, DataFiles files) {
        return switch (config.provider()) {
            case EmbeddingConfig.LOCAL ->
                EmbeddingProvider.Local.named(
                        config.model().orElse(LocalModel.DEFAULT.model().name()), files.models());
            case EmbeddingConfig.OPENAI ->
                new EmbeddingProvider.OpenAi(new OpenAiSettings(
                        config.openAiBaseUrl(),
                        config.openAiKey(),
                        config.model().orElse(OpenAiSettings.DEFAULT_MODEL),
                        config.dimensions(),
                        OpenAiSettings.Timeouts.DEFAULT));
            default -> new EmbeddingProvider.Plugin(config.provider(), config.plugins(), config.environment());
        };
    }
}
