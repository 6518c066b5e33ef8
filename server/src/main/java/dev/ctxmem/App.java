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
import dev.ctxmem.memory.Peppers;
import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Words;
import dev.ctxmem.redis.RedisRateLimiter;
import dev.ctxmem.store.CannotOpenStoreException;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.store.sqlite.SqliteSettings;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.store.sqlite.StoreAlarms;
import dev.ctxmem.text.EnglishWords;
import java.io.UncheckedIOException;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// All wiring: configuration in, running server out. Every part is made here, in order, by its constructor, and
/// closed in reverse.
public final class App implements AutoCloseable {
    private static final Logger LOG = System.getLogger(App.class.getName());

    private static final Duration SWEEP_PAUSE = Duration.ofSeconds(30);
    private static final int SWEEP_BATCH = 500;
    private static final Duration COUNTER_PAUSE = Duration.ofSeconds(1);
    private static final Duration BACKLOG_PAUSE = Duration.ofSeconds(1);
    private static final int OPERATOR_KEY_BYTES = 24;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer http;
    private final String localKey;
    private final String operatorKey;

    /// Starts everything. `fatal` is told when the store had to stop writing: the process should end.
    /// [ConfigException] for what an operator can mend.
    public static App start(Config config, String version, InstantSource clock, Consumer<Throwable> fatal) {
        try {
            return new App(config, version, clock, fatal);
        } catch (CannotOpenStoreException | Peppers.PepperMismatchException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private App(Config config, String version, InstantSource clock, Consumer<Throwable> fatal) {
        try {
            var random = new SecureRandom();
            var ids = new UuidV7(clock, () -> ThreadLocalRandom.current().nextLong());
            Words words = new EnglishWords();
            DataFiles files = DataFiles.prepare(config.store());
            SqliteStore store = open(config, files, words, clock, ids, fatal);
            parts.push(store);
            Peppers peppers = peppers(config, files, store);
            var tiers = config.accounts().tiers();
            var accounts = new Accounts(store, peppers, config.accounts().signup(), tiers, clock, ids, random);
            var embedding =
                    new EmbeddingsInUse(config.embedding(), store, wanted -> EmbeddingParts.open(wanted, files, store));
            parts.push(embedding);
            var memories = new LocalMemories(
                    store,
                    store,
                    accounts,
                    words,
                    embedding::meaning,
                    tiers,
                    peppers,
                    config.embedding().deadline());
            startBackground(store, accounts, embedding);
            Optional<Billing> billing = config.billing().map(it -> billing(it, store, accounts, clock));
            var tasks = new TaskRunner(
                    new StoreWork(
                            transfers(store, files, true, version, clock),
                            new Reembedding(store, embedding, grace(config))::run),
                    ids);
            parts.push(tasks);
            localKey = accounts.localKey().token();
            operatorKey = newOperatorKey(random);
            var metrics = new Metrics();
            parts.push(metrics);
            AppMetrics.register(metrics, store, embedding);
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
                            store::ping,
                            metrics,
                            requestLog(config.log()),
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
        DataFiles files = DataFiles.prepare(config.store());
        try {
            SqliteStore store = open(config, files, new EnglishWords(), clock, ids, cause -> {});
            Peppers peppers = peppers(config, files, store);
            var accounts = new Accounts(
                    store,
                    peppers,
                    config.accounts().signup(),
                    config.accounts().tiers(),
                    clock,
                    ids,
                    random);
            var work = new StoreWork(transfers(store, files, false, version, clock), (task, progress) -> {
                try (var embedding = new EmbeddingsInUse(
                        config.embedding(), store, wanted -> EmbeddingParts.open(wanted, files, store))) {
                    new Reembedding(store, embedding, grace(config)).run(task, progress);
                }
            });
            return new OpenAccounts(accounts, store, new TaskRunner(work, ids));
        } catch (CannotOpenStoreException | Peppers.PepperMismatchException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    /// Where programs on this machine reach the server.
    public URI localUrl() {
        return URI.create("http://127.0.0.1:" + http.port());
    }

    public int port() {
        return http.port();
    }

    /// A key of the local user's own account, made at this start.
    public String localKey() {
        return localKey;
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

    private static SqliteStore open(
            Config config, DataFiles files, Words words, InstantSource clock, UuidV7 ids, Consumer<Throwable> fatal) {
        System.setProperty("org.sqlite.tmpdir", files.natives().toString());
        LuceneIndex index = openIndex(files, words);
        try {
            return new SqliteStore(
                    config.store().dataDirectory(), index, words, clock, ids, alarms(fatal), SqliteSettings.DEFAULT);
        } catch (RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /// The index is locked by its server, too, and is opened first.
    private static LuceneIndex openIndex(DataFiles files, Words words) {
        try {
            return LuceneIndex.open(files.index(), words);
        } catch (UncheckedIOException e) {
            throw new CannotOpenStoreException(
                    "The data directory " + files.path()
                            + " is in use by another process, or cannot be read and written.",
                    e);
        }
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
    private static Duration grace(Config config) {
        return config.embedding().deadline().plus(BACKLOG_PAUSE.multipliedBy(2));
    }

    private static Transfers transfers(
            SqliteStore store, DataFiles files, boolean running, String version, InstantSource clock) {
        return new Transfers(
                store, store, files, running, new Transfers.Kind("embedded", store::copyTo), version, clock);
    }

    private static Peppers peppers(Config config, DataFiles files, SqliteStore store) {
        var warnings = new ArrayList<String>();
        Peppers peppers = Peppers.resolve(
                config.accounts().salt().orElse(null),
                config.accounts().previousSalt().orElse(null),
                files::pepper,
                store,
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

    private void startBackground(SqliteStore store, Accounts accounts, EmbeddingsInUse embedding) {
        var worker = new EmbeddingWorker(store, embedding::embeddings);
        parts.push(Background.start("embedding-backlog", BACKLOG_PAUSE, worker::runOnce));
        var models = new ModelCheck(store, () -> embedding.embeddings().model());
        parts.push(Background.start("model-check", BACKLOG_PAUSE, models::run));
        parts.push(Background.start("embedding-switch", BACKLOG_PAUSE, embedding::follow));
        parts.push(Background.start("expiry", SWEEP_PAUSE, () -> store.purgeExpired(SWEEP_BATCH) == SWEEP_BATCH));
        parts.push(accounts::flushCounters);
        parts.push(Background.start("counters", COUNTER_PAUSE, () -> {
            accounts.flushCounters();
            return false;
        }));
    }

    private static StoreAlarms alarms(Consumer<Throwable> fatal) {
        return new StoreAlarms() {
            @Override
            public void writesStopped(Throwable cause) {
                LOG.log(Level.ERROR, "The store cannot write any more; the server stops.", cause);
                fatal.accept(cause);
            }

            @Override
            public void damaged(UUID entryId, long version) {
                LOG.log(Level.ERROR, "Version " + version + " of entry " + entryId + " is damaged on disk.");
            }

            @Override
            public void indexFailed(Throwable cause) {
                LOG.log(Level.WARNING, "The search index failed and is rebuilt from the records.", cause);
            }
        };
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
    record OpenAccounts(Accounts accounts, SqliteStore store, TaskRunner tasks) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }
}
