package dev.ctxmem;

import dev.ctxmem.billing.StripeBilling;
import dev.ctxmem.config.BillingConfig;
import dev.ctxmem.config.Config;
import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.LogConfig;
import dev.ctxmem.http.HttpLimits;
import dev.ctxmem.http.HttpServer;
import dev.ctxmem.http.Metrics;
import dev.ctxmem.http.RequestLine;
import dev.ctxmem.http.TokenBuckets;
import dev.ctxmem.log.LogLines;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Billing;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.EmbeddingWorker;
import dev.ctxmem.memory.LocalMemories;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Peppers;
import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.memory.Tracing;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Words;
import dev.ctxmem.redis.RedisRateLimiter;
import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.text.EnglishWords;
import dev.ctxmem.trace.OtlpTracing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All wiring: configuration in, running server out. Every part is made here, in order, by its constructor, and
/// closed in reverse.
public final class App implements AutoCloseable {
    private static final Logger LOG = System.getLogger(App.class.getName());

    private static final Duration SWEEP_PAUSE = Duration.ofSeconds(30);
    private static final int SWEEP_BATCH = 500;
    private static final Duration COUNTER_PAUSE = Duration.ofSeconds(1);
    private static final Duration UPKEEP_PAUSE = Duration.ofMinutes(1);
    private static final Duration BACKLOG_PAUSE = Duration.ofSeconds(1);
    /// What another instance needs to open the model that the store has moved to.
    private static final Duration OTHERS_FOLLOW_MAX = Duration.ofSeconds(3);

    private static final int OPERATOR_KEY_BYTES = 24;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer http;
    private final @Nullable String localKey;
    private final String operatorKey;

    /// Starts everything. `fatal` is told when the store had to stop writing: the process should end.
    /// [ConfigException] for what an operator can mend.
    public static App start(Config config, String version, InstantSource clock, Consumer<Throwable> fatal) {
        try {
            return new App(config, version, clock, fatal);
        } catch (CannotOpenStoreException | Peppers.PepperMismatchException e) {
            throw new ConfigException(String.valueOf(e.getMessage()).lines().toList());
        }
    }

    private App(Config config, String version, InstantSource clock, Consumer<Throwable> fatal) {
        try {
            var random = new SecureRandom();
            var ids = new UuidV7(clock, () -> ThreadLocalRandom.current().nextLong());
            Words words = new EnglishWords();
            DataFiles files = StoreParts.files(config.store());
            Optional<EmbedderLoading> embedder = loadEmbedder(config, files);
            StoreParts opened = StoreParts.open(config.store(), files, words, clock, ids, fatal);
            parts.push(opened);
            Tracing tracing = tracing(config, version, ids, clock);
            Peppers peppers = peppers(config, opened);
            var tiers = config.accounts().tiers();
            var accounts =
                    new Accounts(opened.accounts(), peppers, config.accounts().signup(), tiers, clock, ids, random);
            var embedding = embeddings(config, embedder, opened, files);
            parts.push(embedding);
            var memories = new LocalMemories(
                    tracing.of(opened.memories()),
                    opened.accounts(),
                    accounts,
                    words,
                    () -> tracing.of(embedding.meaning()),
                    tiers,
                    peppers,
                    config.embedding().deadline());
            startBackground(opened, accounts, embedding);
            Optional<Billing> billing = config.billing().map(it -> billing(it, opened.billing(), accounts, clock));
            var tasks = new TaskRunner(
                    new StoreWork(
                            opened.transfers(true, version, clock),
                            new Reembedding(opened.generations(), embedding, grace(config, opened))::run),
                    ids);
            parts.push(tasks);
            localKey = opened.isShared() ? null : accounts.localKey().token();
            operatorKey = newOperatorKey(random);
            http = HttpServer.start(
                    config.http(),
                    HttpLimits.DEFAULT,
                    new HttpServer.Parts(
                            accounts,
                            memories,
                            tiers,
                            rateLimiter(config, ids),
                            billing,
                            tasks,
                            opened.memories()::ping,
                            metrics(opened, embedding),
                            requestLog(config.log()),
                            tracing,
                            operatorKey,
                            ids,
                            clock,
                            System::nanoTime,
                            version));
            parts.push(http);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// The accounts alone, on the data itself, for the operator's commands while no server runs.
    static OpenAccounts accounts(Config config, String version, InstantSource clock) {
        var random = new SecureRandom();
        var ids = new UuidV7(clock, () -> ThreadLocalRandom.current().nextLong());
        DataFiles files = StoreParts.files(config.store());
        try {
            StoreParts store = StoreParts.open(config.store(), files, new EnglishWords(), clock, ids, cause -> {});
            Peppers peppers = peppers(config, store);
            var accounts = new Accounts(
                    store.accounts(),
                    peppers,
                    config.accounts().signup(),
                    config.accounts().tiers(),
                    clock,
                    ids,
                    random);
            var work = new StoreWork(store.transfers(false, version, clock), (task, progress) -> {
                var embedder = EmbeddingParts.load(config.embedding(), files);
                try (var embedding = embeddings(config, embedder, store, files)) {
                    new Reembedding(store.generations(), embedding, grace(config, store)).run(task, progress);
                }
            });
            return new OpenAccounts(accounts, store, new TaskRunner(work, ids));
        } catch (CannotOpenStoreException | Peppers.PepperMismatchException e) {
            throw new ConfigException(String.valueOf(e.getMessage()).lines().toList());
        }
    }

    /// Where programs on this machine reach the server.
    public URI localUrl() {
        return URI.create("http://127.0.0.1:" + http.port());
    }

    public int port() {
        return http.port();
    }

    /// A key of the local user's own account, made at this start; empty where other instances use the store too:
    /// the start of one would revoke the keys of the others.
    public Optional<String> localKey() {
        return Optional.ofNullable(localKey);
    }

    /// The key of the operator's routes, made at this start.
    public String operatorKey() {
        return operatorKey;
    }

    /// Finishes what is under way, then closes everything. May be called again.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "A part of the server did not close well.", e);
            }
        }
    }

    private Optional<EmbedderLoading> loadEmbedder(Config config, DataFiles files) {
        Optional<EmbedderLoading> embedder = EmbeddingParts.load(config.embedding(), files);
        embedder.ifPresent(parts::push);
        return embedder;
    }

    private static EmbeddingsInUse embeddings(
            Config config, Optional<EmbedderLoading> first, StoreParts store, DataFiles files) {
        var embedding = new EmbeddingsInUse(
                config.embedding(),
                EmbeddingParts.open(first, store.accounts()),
                store.accounts(),
                wanted -> EmbeddingParts.open(EmbeddingParts.load(wanted, files), store.accounts()));
        embedding.embeddings().model().ifPresent(store::adapt);
        return embedding;
    }

    private Metrics metrics(StoreParts store, EmbeddingsInUse embedding) {
        var metrics = new Metrics();
        parts.push(metrics);
        store.register(metrics);
        AppMetrics.register(metrics, store.memories(), embedding);
        return metrics;
    }

    /// OpenTelemetry's classes are loaded only where somebody collects traces.
    private Tracing tracing(Config config, String version, UuidV7 ids, InstantSource clock) {
        if (config.traces().isEmpty()) {
            return Tracing.OFF;
        }
        var tracing = OtlpTracing.start(config.traces().get(), version, ids.get(), clock, System::nanoTime);
        parts.push(tracing);
        return tracing;
    }

    private RateLimiter rateLimiter(Config config, UuidV7 ids) {
        Optional<String> redis = config.redis().url();
        if (redis.isEmpty()) {
            return new TokenBuckets(System::nanoTime);
        }
        RedisRateLimiter limiter = RedisRateLimiter.start(
                redis.get(), ids.get().toString(), () -> TokenBuckets.nearlyEmpty(System::nanoTime), System::nanoTime);
        parts.push(limiter);
        return limiter;
    }

    /// Until then every caller has gone over, here and on other instances, which look once a second.
    private static Duration grace(Config config, StoreParts store) {
        return config.embedding()
                .deadline()
                .plus(BACKLOG_PAUSE.multipliedBy(2))
                .plus(store.isShared() ? OTHERS_FOLLOW_MAX : Duration.ZERO);
    }

    private static Peppers peppers(Config config, StoreParts store) {
        var warnings = new ArrayList<String>();
        Peppers peppers = Peppers.resolve(
                config.accounts().salt().orElse(null),
                config.accounts().previousSalt().orElse(null),
                store::pepper,
                store.accounts(),
                warnings);
        warnings.forEach(warning -> LOG.log(Level.WARNING, warning));
        return peppers;
    }

    private Billing billing(BillingConfig config, BillingStore store, Accounts accounts, InstantSource clock) {
        if (config.prices().isEmpty()) {
            LOG.log(Level.WARNING, "STRIPE_PRICES is not set: nothing is for sale, and payments move no account.");
        }
        var billing = new StripeBilling(config, store, accounts, clock);
        parts.push(billing);
        return billing;
    }

    private void startBackground(StoreParts opened, Accounts accounts, EmbeddingsInUse embedding) {
        MemoryStore store = opened.memories();
        var worker = new EmbeddingWorker(store, embedding::embeddings);
        parts.push(Background.start("embedding-backlog", BACKLOG_PAUSE, worker::runOnce));
        var models = new ModelCheck(store, () -> embedding.embeddings().model(), opened::adapt);
        parts.push(Background.start("model-check", BACKLOG_PAUSE, models::run));
        parts.push(Background.start("embedding-switch", BACKLOG_PAUSE, embedding::follow));
        parts.push(Background.start("expiry", SWEEP_PAUSE, () -> store.purgeExpired(SWEEP_BATCH) == SWEEP_BATCH));
        parts.push(Background.start("store-upkeep", UPKEEP_PAUSE, () -> {
            opened.maintain();
            return false;
        }));
        parts.push(accounts::flushCounters);
        parts.push(Background.start("counters", COUNTER_PAUSE, () -> {
            accounts.flushCounters();
            return false;
        }));
    }

    private static Consumer<RequestLine> requestLog(LogConfig config) {
        return switch (config.access()) {
            case NONE -> line -> {};
            case ALL -> App::log;
            case ERRORS ->
                line -> {
                    if (line.status() >= 400) {
                        log(line);
                    }
                };
        };
    }

    private static void log(RequestLine line) {
        LogLines.request(line.json(), line.text());
    }

    private static String newOperatorKey(SecureRandom random) {
        byte[] bytes = new byte[OPERATOR_KEY_BYTES];
        random.nextBytes(bytes);
        return "ctxop_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Accounts that are open, and what holds them.
    record OpenAccounts(Accounts accounts, StoreParts store, TaskRunner tasks) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }
}
