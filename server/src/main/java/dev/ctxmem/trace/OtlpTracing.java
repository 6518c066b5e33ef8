package dev.ctxmem.trace;

import dev.ctxmem.config.TraceConfig;
import dev.ctxmem.memory.Meaning;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sends spans to a collector by OTLP, in batches, from a thread of its own. Requests never wait for it: what a
/// collector does not take in time is dropped once [#QUEUE_SPANS_MAX] spans wait. Thread-safe.
public final class OtlpTracing implements Tracing, AutoCloseable {
    private static final int QUEUE_SPANS_MAX = 2048;
    private static final int BATCH_SPANS_MAX = 512;
    private static final Duration BATCH_PAUSE = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    /// Asked every few seconds by machines; a trace of that tells nothing.
    private static final Set<String> UNTOLD = Set.of("/health", "/livez", "/readyz", "/metrics");

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("ctx.request_id");
    private static final AttributeKey<String> ACCOUNT_ID = AttributeKey.stringKey("ctx.account_id");

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Stages stages;

    private OtlpTracing(SdkTracerProvider provider, Clock clock) {
        this.provider = provider;
        this.tracer = provider.get("dev.ctxmem");
        this.stages = new Stages(tracer, clock::now);
    }

    /// Sends from now on, as long as there is a collector.
    ///
    /// @param instance tells this process from others of the service
    /// @param nanoTime a monotonic clock, as [System#nanoTime]
    public static OtlpTracing start(
            TraceConfig config, String version, UUID instance, InstantSource clock, LongSupplier nanoTime) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.traces().toString())
                .setHeaders(config::headers)
                .setCompression("gzip")
                .setConnectTimeout(CONNECT_TIMEOUT)
                .setTimeout(EXPORT_TIMEOUT)
                .build();
        var spanClock = new SpanClock(clock, nanoTime);
        var resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"), config.service(),
                        AttributeKey.stringKey("service.version"), version,
                        AttributeKey.stringKey("service.instance.id"), instance.toString())));
        var provider = SdkTracerProvider.builder()
                .setClock(spanClock)
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.share())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE_SPANS_MAX)
                        .setMaxExportBatchSize(BATCH_SPANS_MAX)
                        .setScheduleDelay(BATCH_PAUSE)
                        .setExporterTimeout(EXPORT_TIMEOUT)
                        .build())
                .build();
        return new OtlpTracing(provider, spanClock);
    }

    @Override
    public Request begin(String method, Function<String, @Nullable String> headers) {
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, new HeaderGetter());
        Span span = tracer.spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(METHOD, method)
                .startSpan();
        return new SpanRequest(span, method);
    }

    @Override
    public MemoryStore of(MemoryStore store) {
        return new TracedStore(store, stages);
    }

    @Override
    public Meaning of(Meaning meaning) {
        return new Meaning(new TracedEmbeddings(meaning.embeddings(), stages), meaning.ranking());
    }

    /// Sends what waits, for at most two seconds.
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static final class SpanRequest implements Request {
        private final Span span;
        private final Scope scope;
        private final String method;
        private boolean answered;
        private boolean told = true;

        // The scope ends with the request.
        @SuppressWarnings("MustBeClosedChecker")
        SpanRequest(Span span, String method) {
            this.span = span;
            this.scope = span.makeCurrent();
            this.method = method;
        }

        @Override
        public void answered(String route, int status, String requestId, @Nullable UUID account) {
            answered = true;
            told = !UNTOLD.contains(route);
            span.updateName(method + " " + route);
            span.setAttribute(ROUTE, route);
            span.setAttribute(STATUS, (long) status);
            span.setAttribute(REQUEST_ID, requestId);
            if (account != null) {
                span.setAttribute(ACCOUNT_ID, account.toString());
            }
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
        }

        @Override
        public void close() {
            scope.close();
            if (!answered) {
                span.setStatus(StatusCode.ERROR, "broken off");
            }
            // One that never ends is never sent.
            if (told) {
                span.end();
            }
        }
    }

    private static final class HeaderGetter implements TextMapGetter<Function<String, @Nullable String>> {
        @Override
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> headers, String name) {
            return headers == null ? null : headers.apply(name);
        }
    }
}
