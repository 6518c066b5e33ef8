package dev.ctxmem.http;

import dev.ctxmem.billing.StripeBilling;
import dev.ctxmem.config.BillingConfig;
import dev.ctxmem.config.HttpConfig;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.LocalMemories;
import dev.ctxmem.memory.Meaning;
import dev.ctxmem.memory.Peppers;
import dev.ctxmem.memory.SignupRule;
import dev.ctxmem.memory.StoreTasks;
import dev.ctxmem.memory.Tiers;
import dev.ctxmem.memory.Tracing;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.Stores;
import dev.ctxmem.text.EnglishWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A running server with a store of its own, for tests at the border. Search goes by words.
final class TestServer implements AutoCloseable {
    static final String OPERATOR_KEY = "operator-key-of-the-tests";

    private static final Contract CONTRACT = new Contract();

    private final TestClock clock = new TestClock();
    private final ConcurrentLinkedQueue<RequestLine> log = new ConcurrentLinkedQueue<>();
    private final Metrics metrics = new Metrics();
    private final Path directory;
    private final Stores store;
    private final Accounts accounts;
    private final HttpServer.Parts parts;
    private final Optional<StripeBilling> billing;
    private final HttpServer server;

    private TestServer(Settings settings) {
        var tiers = new Tiers(settings.tiers, settings.signupTier);
        var random = new SecureRandom();
        var ids = new UuidV7(clock, random);
        var words = new EnglishWords();
        directory = temporaryDirectory();
        store = settings.store.open(directory, clock, ids);
        Peppers peppers = Peppers.resolve(null, null, () -> new byte[32], store.accounts(), new ArrayList<>());
        accounts = new Accounts(store.accounts(), peppers, settings.signup, tiers, clock, ids, random);
        var memories = new LocalMemories(
                store.memories(),
                store.accounts(),
                accounts,
                words,
                () -> new Meaning(Embeddings.NONE, FittedWeights.wordsOnly()),
                tiers,
                peppers,
                Duration.ofSeconds(1));
        billing = Optional.ofNullable(settings.billing)
                .map(config -> new StripeBilling(config, store.billing(), accounts, clock));
        parts = new HttpServer.Parts(
                accounts,
                memories,
                tiers,
                new TokenBuckets(clock::nanoTime),
                billing.map(it -> it),
                new NoTasks(),
                settings.ping == null ? store.memories()::ping : settings.ping,
                metrics,
                log::add,
                Tracing.OFF,
                OPERATOR_KEY,
                ids,
                clock,
                clock::nanoTime,
                "0.1.0");
        server = HttpServer.start(settings.http, settings.limits, parts);
    }

    static TestServer start() {
        return new TestServer(new Settings());
    }

    static Settings with() {
        return new Settings();
    }

    int port() {
        return server.port();
    }

    int metricsPort() {
        return server.metricsPort().orElseThrow();
    }

    TestClock clock() {
        return clock;
    }

    Accounts accounts() {
        return accounts;
    }

    HttpServer.Parts parts() {
        return parts;
    }

    /// What the records hold, one text for each row.
    List<String> rows(String sql) {
        return Rows.of(directory, sql);
    }

    Contract contract() {
        return CONTRACT;
    }

    /// What the access log says about a request: it is written after the answer.
    RequestLine logged(String requestId) {
        for (; ; Thread.onSpinWait()) {
            Optional<RequestLine> line = log.stream()
                    .filter(any -> any.requestId().equals(requestId))
                    .findFirst();
            if (line.isPresent()) {
                return line.get();
            }
        }
    }

    /// A caller without a key.
    Api anybody() {
        return new Api(port(), CONTRACT, new Routes(HttpServer.routes(parts)), null);
    }

    /// A caller with a new account of its own.
    Api newcomer() {
        Api anybody = anybody();
        return anybody.with(anybody.post("/v1/signup", "{\"email\":\"someone@example.com\"}")
                .at("/api_key"));
    }

    /// A caller with a new account and the namespace `ns` in it.
    Api newcomerWithNamespace() {
        Api api = newcomer();
        api.post("/v1/namespaces", "{\"slug\":\"ns\"}");
        return api;
    }

    /// Stops it as SIGTERM does.
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        billing.ifPresent(StripeBilling::close);
        store.close();
        metrics.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("ctx-http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tasks are for the whole program; here they are answered as if one were always running.
    private static final class NoTasks implements StoreTasks {
        @Override
        public TaskStatus start(StoreTask task) {
            return status(new UUID(0, 1));
        }

        @Override
        public TaskStatus status(UUID id) {
            if (!id.equals(new UUID(0, 1))) {
                throw MemoryException.notFound("Task");
            }
            return new TaskStatus(
                    id, "export", TaskStatus.State.RUNNING, "writing", 1, 2, Map.of("x", 1L), List.of(), null, null);
        }
    }

    /// Opens a store that is empty.
    interface Opener {
        Stores open(Path directory, TestClock clock, UuidV7 ids);
    }

    /// How a server differs from the default one.
    static final class Settings {
        private Map<Tier, TierLimits> tiers = Tiers.defaults();
        private Tier signupTier = Tier.TEAM;
        private SignupRule signup = SignupRule.OPEN;
        private HttpLimits limits = HttpLimits.DEFAULT;
        private HttpConfig http = http("127.0.0.1", Set.of(), Set.of(), List.of());
        private Opener store = Stores::embedded;
        private @Nullable Runnable ping;
        private @Nullable BillingConfig billing;

        static HttpConfig http(String host, Set<String> hosts, Set<String> origins, List<String> proxies) {
            return new HttpConfig(host, 0, hosts, origins, proxies, Optional.empty(), Optional.empty(), Duration.ZERO);
        }

        Settings tier(Tier tier, TierLimits limits) {
            var changed = new EnumMap<>(tiers);
            changed.put(tier, limits);
            this.tiers = changed;
            return this;
        }

        Settings signup(SignupRule rule, Tier tier) {
            this.signup = rule;
            this.signupTier = tier;
            return this;
        }

        Settings limits(HttpLimits limits) {
            this.limits = limits;
            return this;
        }

        Settings http(HttpConfig http) {
            this.http = http;
            return this;
        }

        Settings store(Opener opener) {
            this.store = opener;
            return this;
        }

        Settings ping(Runnable ping) {
            this.ping = ping;
            return this;
        }

        Settings billing(BillingConfig config) {
            this.billing = config;
            return signup(SignupRule.OPEN, Tier.FREE);
        }

        TestServer start() {
            return new TestServer(this);
        }
    }
}
