package dev.ctxmem.http;

import dev.ctxmem.config.HttpConfig;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Billing;
import dev.ctxmem.memory.LocalMemories;
import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.memory.StoreTasks;
import dev.ctxmem.memory.Tiers;
import dev.ctxmem.memory.Tracing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The running HTTP server.
public final class HttpServer implements AutoCloseable {
    /// What a caller at a limit of its tier is told.
    private static final String UPGRADE =
            "Ask the operator of this server to move the account to a larger tier: ctx accounts tier EMAIL TIER.";

    private static final String UPGRADE_BY_PAYING =
            "POST /v1/billing/checkout with {\"tier\": \"pro\"} gives the page where the account buys a larger tier.";

    private static final String METRICS_HOST = "127.0.0.1";

    private final Listener main;
    private final @Nullable Listener metrics;
    private final AtomicBoolean stopping;
    private final Duration shutdownDelay;

    private HttpServer(Listener main, @Nullable Listener metrics, AtomicBoolean stopping, Duration shutdownDelay) {
        this.main = main;
        this.metrics = metrics;
        this.stopping = stopping;
        this.shutdownDelay = shutdownDelay;
    }

    /// What the server answers with.
    ///
    /// @param billing empty where nobody pays
    /// @param tasks what the operator may have done to the whole store
    /// @param ping throws when the store does not answer
    /// @param log takes one line for each request
    /// @param ids makes the ids of requests that come without
    /// @param operatorKey lets its holder make accounts, move them to other tiers, and start tasks
    /// @param nanoTime a monotonic clock, as [System#nanoTime]
    public record Parts(
            Accounts accounts,
            LocalMemories memories,
            Tiers tiers,
            RateLimiter rateLimiter,
            Optional<Billing> billing,
            StoreTasks tasks,
            Runnable ping,
            Metrics metrics,
            Consumer<RequestLine> log,
            Tracing tracing,
            String operatorKey,
            Supplier<UUID> ids,
            InstantSource clock,
            LongSupplier nanoTime,
            String version) {}

    /// Listens when it returns. Throws [IllegalStateException] when an address cannot be listened on.
    public static HttpServer start(HttpConfig config, HttpLimits limits, Parts parts) {
        var stopping = new AtomicBoolean();
        var requestIds = new RequestIds(parts.ids);
        var problems = new Problems(parts.billing.isPresent() ? UPGRADE_BY_PAYING : UPGRADE);
        var refusals = new Refusals(problems, requestIds, parts.metrics);
        var addresses = new ClientAddress(
                config.trustedProxies().stream().map(Cidr::parse).toList());
        var shared = new Dispatcher.Shared(
                new Origins(config.isLoopback(), config.allowedHosts(), config.allowedOrigins()),
                addresses,
                requestIds,
                problems,
                new Capacity(limits),
                parts.metrics,
                parts.log,
                parts.tracing,
                stopping::get,
                parts.clock,
                parts.nanoTime);
        var metricRoutes = new MetricRoutes(
                parts.metrics, config.metricsToken(), config.metricsPort().isPresent());
        Dispatcher dispatcher = dispatcher(parts, shared, metricRoutes, stopping);
        var connections = new Connections(limits, addresses, refusals, dispatcher, parts.nanoTime);
        Listener main = Listener.open(config.host(), config.port(), limits, connections, refusals);
        parts.metrics.gauge("http.server.connections", "Open connections.", connections::size);
        Listener metrics = null;
        if (config.metricsPort().isPresent()) {
            try {
                var forMetrics = new Dispatcher(Routes.ofMetrics(metricRoutes), shared, null, null, null);
                metrics = Listener.open(
                        METRICS_HOST,
                        config.metricsPort().get(),
                        limits,
                        new Connections(limits, addresses, refusals, forMetrics, parts.nanoTime),
                        refusals);
            } catch (IllegalStateException e) {
                main.close();
                throw e;
            }
        }
        return new HttpServer(main, metrics, stopping, config.shutdownDelay());
    }

    /// The routes of a server, as method and template: what the contract must list.
    static List<Route> routes(Parts parts) {
        return routes(
                        parts,
                        new MetricRoutes(parts.metrics, Optional.empty(), false),
                        new OperatorRoutes(parts.accounts, parts.tasks, parts.operatorKey),
                        new AtomicBoolean())
                .all();
    }

    public int port() {
        return main.port();
    }

    /// The port of the listener for metrics, where there is one.
    public OptionalInt metricsPort() {
        return metrics == null ? OptionalInt.empty() : OptionalInt.of(metrics.port());
    }

    /// Says no at `/readyz` for the configured delay, then closes the port and lets requests in flight finish.
    /// May be called again.
    @Override
    public void close() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        try {
            Thread.sleep(shutdownDelay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        main.close();
        if (metrics != null) {
            metrics.close();
        }
    }

    private static Dispatcher dispatcher(
            Parts parts, Dispatcher.Shared shared, MetricRoutes metricRoutes, AtomicBoolean stopping) {
        var callers = new Dispatcher.Callers(
                new Authentication(parts.accounts, parts.rateLimiter, parts.nanoTime),
                new RateLimits(parts.rateLimiter, parts.tiers),
                parts.accounts,
                parts.memories);
        var operatorRoutes = new OperatorRoutes(parts.accounts, parts.tasks, parts.operatorKey);
        return new Dispatcher(
                routes(parts, metricRoutes, operatorRoutes, stopping), shared, callers, metricRoutes, operatorRoutes);
    }

    private static Routes routes(
            Parts parts, MetricRoutes metricRoutes, OperatorRoutes operatorRoutes, AtomicBoolean stopping) {
        return Routes.of(
                new HealthRoutes(parts.ping, stopping::get, parts.clock, parts.nanoTime, parts.version),
                metricRoutes,
                new SpecRoutes(),
                new SignupRoutes(parts.accounts),
                new NamespaceRoutes(),
                new EntryRoutes(),
                new SearchRoutes(),
                new AccountRoutes(),
                new LimitRoutes(parts.tiers),
                operatorRoutes,
                new BillingRoutes(parts.billing));
    }
}
