package dev.ctxmem.http;

import dev.ctxmem.core.Tier;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/// The figures of the process, for Prometheus. Labels hold names of our own alone: routes by template, never a
/// key, a slug or an id. Thread-safe.
public final class Metrics implements AutoCloseable {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");
    private static final String OTHER = "other";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<Series, Timer> requests = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TierSeries, Counter> callers = new ConcurrentHashMap<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /// With the figures of the Java runtime in it.
    public Metrics() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /// Adds a figure that is read when somebody looks: `name` in dots, `meaning` one sentence.
    public void gauge(String name, String meaning, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(meaning)
                .strongReference(true)
                .register(registry);
    }

    /// As [#gauge], for a figure that only grows, or starts anew with its part. Prometheus knows it with
    /// `_total` behind its name.
    public void counter(String name, String meaning, DoubleSupplier value) {
        // Micrometer holds the object weakly and the function strongly.
        FunctionCounter.builder(name, this, metrics -> value.getAsDouble())
                .description(meaning)
                .register(registry);
    }

    void request(String method, String route, int status, long nanos) {
        requests.computeIfAbsent(new Series(knownMethod(method), route, status), this::timer)
                .record(Duration.ofNanos(nanos));
    }

    /// What stands for a method in figures and traces: a caller may send any name.
    static String knownMethod(String method) {
        return METHODS.contains(method) ? method : OTHER;
    }

    /// A request of a known caller was answered.
    void ofTier(Tier tier, int status) {
        callers.computeIfAbsent(new TierSeries(tier, status), this::counter).increment();
    }

    /// Something that never became a request was answered.
    void refused(int status) {
        requests.computeIfAbsent(new Series(OTHER, "refused", status), this::timer)
                .record(Duration.ZERO);
    }

    /// The text format of Prometheus.
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }

    private Timer timer(Series series) {
        return Timer.builder("http.server.requests")
                .description("Requests answered, and how long that took.")
                .tag("method", series.method)
                .tag("route", series.route)
                .tag("status", Integer.toString(series.status))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter counter(TierSeries series) {
        return Counter.builder("ctx.tier.requests")
                .description("Requests of callers with a key, by the tier of their account.")
                .tag("tier", series.tier.wireName())
                .tag("status", Integer.toString(series.status))
                .register(registry);
    }

    private record TierSeries(Tier tier, int status) {}

    private record Series(String method, String route, int status) {}
}
