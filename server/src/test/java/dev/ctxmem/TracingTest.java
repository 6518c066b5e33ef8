package dev.ctxmem;

import static dev.ctxmem.Collector.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.NewNamespace;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector is told by OTLP, and what happens without one.
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + CALLER + "-01";
    private static final String UNSAMPLED = "00-" + TRACE + "-" + CALLER + "-00";
    private static final String ENTRY = "/v1/namespaces/secret-shelf/entries/secret-key";
    private static final String ENTRY_ROUTE = "/v1/namespaces/{ns}/entries/{key}";

    @TempDir
    Path home;

    private static Installation traced(Path home, String endpoint) {
        return new Installation(home)
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
                .with("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=of%20the%20collector")
                .with("OTEL_SERVICE_NAME", "memory-of-tests");
    }

    private static HttpResponse<String> call(App app, String method, String path, String body, String traceparent)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(app.localUrl().resolve(path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + app.localKey().orElseThrow())
                .header("traceparent", traceparent)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static void createNamespace(App app) {
        try (HttpMemories memories = Installation.memories(app, app.localKey().orElseThrow())) {
            memories.createNamespace(new NewNamespace("secret-shelf", "", null));
        }
    }

    @Test
    void requests_areSpansOfTheirCallersTrace_withTheirStages_andWithoutContents() throws Exception {
        try (Collector collector = Collector.start();
                var provider = new FakeProvider(Integer.MAX_VALUE)) {
            String requestId;
            String key;
            try (App app = traced(home, collector.url())
                    .with("EMBEDDING_PROVIDER", "openai")
                    .with("OPENAI_BASE_URL", provider.url())
                    .with("EMBEDDING_MODEL", FakeProvider.MODEL)
                    .with("EMBEDDING_DEADLINE", "10s")
                    .serve()) {
                key = app.localKey().orElseThrow();
                createNamespace(app);
                requestId = call(app, "PUT", ENTRY, "{\"value\": \"secret words\"}", SAMPLED)
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow();
                call(app, "POST", "/v1/search", "{\"query\": \"secret words\"}", SAMPLED);
                call(app, "GET", "/health", "", SAMPLED);
                call(app, "GET", "/secret-path", "", SAMPLED);
            }
            Span put = collector.span("PUT " + ENTRY_ROUTE);
            assertEquals(TRACE, hex(put.getTraceId().toByteArray()));
            assertEquals(CALLER, hex(put.getParentSpanId().toByteArray()));
            assertEquals(Span.SpanKind.SPAN_KIND_SERVER, put.getKind());
            assertEquals("PUT", attribute(put.getAttributesList(), "http.request.method"));
            assertEquals(ENTRY_ROUTE, attribute(put.getAttributesList(), "http.route"));
            assertEquals("201", attribute(put.getAttributesList(), "http.response.status_code"));
            assertEquals(requestId, attribute(put.getAttributesList(), "ctx.request_id"));
            assertEquals(
                    36, attribute(put.getAttributesList(), "ctx.account_id").length());
            assertEquals(
                    Set.of("store namespace", "embed entry", "store put"), names(childrenOf(put, collector.spans())));
            assertEquals("ready", attribute(collector.span("store put").getAttributesList(), "ctx.vectors"));

            Span search = collector.span("POST /v1/search");
            assertEquals(Set.of("embed question", "store search"), names(childrenOf(search, collector.spans())));
            Span stages = collector.span("store search");
            assertEquals("1", attribute(stages.getAttributesList(), "ctx.search.hits"));
            assertEquals(
                    Set.of("search candidates", "search ranking", "search records"),
                    names(childrenOf(stages, collector.spans())));
            assertEquals(
                    "1", attribute(collector.span("search candidates").getAttributesList(), "ctx.search.candidates"));

            assertEquals(
                    "404", attribute(collector.span("GET unknown").getAttributesList(), "http.response.status_code"));
            assertFalse(names(collector.spans()).contains("GET /health"));
            // A namespace belongs to nobody's trace: its request came without.
            assertTrue(collector.span("POST /v1/namespaces").getParentSpanId().isEmpty());
            String everything = collector.exports().toString();
            assertFalse(everything.contains("secret"), everything);
            assertFalse(everything.contains(key), everything);
        }
    }

    @Test
    void anExport_isProtobufWithTheNameOfTheService() throws Exception {
        try (Collector collector = Collector.start()) {
            try (App app = traced(home, collector.url() + "/").serve()) {
                call(app, "GET", "/v1/namespaces", "", SAMPLED);
            }
            Collector.Export export = collector.exports().getFirst();
            assertEquals("application/x-protobuf", export.contentType());
            assertEquals("of the collector", export.apiKey());
            var resource = export.request().getResourceSpans(0).getResource().getAttributesList();
            assertEquals("memory-of-tests", attribute(resource, "service.name"));
            assertEquals(Installation.VERSION, attribute(resource, "service.version"));
        }
    }

    @Test
    void aFailure_isAnErrorWithoutItsText() throws Exception {
        try (Collector collector = Collector.start()) {
            try (App app = traced(home, collector.url()).serve()) {
                assertEquals(404, call(app, "DELETE", ENTRY, "", SAMPLED).statusCode());
            }
            Span failed = collector.span("store delete");
            assertEquals(Status.StatusCode.STATUS_CODE_ERROR, failed.getStatus().getCode());
            assertEquals("", failed.getStatus().getMessage());
            assertFalse(collector.exports().toString().contains("secret"));
        }
    }

    @Test
    void aCallerWhoseTraceIsNotKept_isNotTold() throws Exception {
        try (Collector collector = Collector.start()) {
            try (App app = traced(home, collector.url()).serve()) {
                call(app, "GET", "/v1/namespaces", "", UNSAMPLED);
                call(app, "GET", "/v1/account", "", SAMPLED);
            }
            assertEquals(Set.of("GET /v1/account"), names(collector.spans()));
        }
    }

    @Test
    void withAShareOfNone_onlyWhatCallersTraceIsTold() throws Exception {
        try (Collector collector = Collector.start()) {
            try (App app = traced(home, collector.url())
                    .with("OTEL_TRACES_SAMPLER_ARG", "0")
                    .serve()) {
                createNamespace(app);
                call(app, "GET", "/v1/namespaces", "", SAMPLED);
            }
            assertEquals(Set.of("GET /v1/namespaces", "store namespaces"), names(collector.spans()));
        }
    }

    @Test
    void withoutACollector_everythingIsAnswered() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (App app = traced(home, "http://127.0.0.1:" + closed).serve()) {
            createNamespace(app);
            assertEquals(201, call(app, "PUT", ENTRY, "{\"value\": 1}", SAMPLED).statusCode());
        }
    }

    /// More than the spans that may wait, while an export hangs.
    @Test
    void aCollectorThatNeverAnswers_holdsNobodyUp() throws Exception {
        try (Collector collector = Collector.silent();
                App app = traced(home, collector.url()).serve();
                HttpMemories memories =
                        Installation.memories(app, app.localKey().orElseThrow())) {
            memories.createNamespace(new NewNamespace("ns", "", null));
            collector.awaitExport();
            for (int i = 0; i < 1500; i++) {
                assertEquals(1, memories.namespaces().size());
            }
        }
    }

    private static List<Span> childrenOf(Span parent, List<Span> spans) {
        return spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId())
                        && span.getTraceId().equals(parent.getTraceId()))
                .peek(span -> {
                    assertTrue(span.getStartTimeUnixNano() <= span.getEndTimeUnixNano(), span::toString);
                })
                .toList();
    }

    private static Set<String> names(List<Span> spans) {
        return spans.stream().map(Span::getName).collect(Collectors.toSet());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
