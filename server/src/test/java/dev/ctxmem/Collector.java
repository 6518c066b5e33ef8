package dev.ctxmem;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/// A collector of OpenTelemetry on this machine: OTLP over HTTP, binary protobuf.
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final ConcurrentLinkedQueue<Export> exports = new ConcurrentLinkedQueue<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answering;

    private Collector(CountDownLatch answering) {
        this.answering = answering;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/traces", this::handle);
        server.start();
    }

    static Collector start() {
        return new Collector(new CountDownLatch(0));
    }

    /// Takes connections and never answers.
    static Collector silent() {
        return new Collector(new CountDownLatch(1));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Waits until somebody wants to tell something.
    void awaitExport() throws InterruptedException {
        asked.await();
    }

    List<Export> exports() {
        return List.copyOf(exports);
    }

    /// All spans so far, in the order in which they ended.
    List<Span> spans() {
        return exports.stream()
                .flatMap(export -> export.request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /// The one span of this name.
    Span span(String name) {
        List<Span> found =
                spans().stream().filter(span -> span.getName().equals(name)).toList();
        if (found.size() != 1) {
            throw new NoSuchElementException(name + " is " + found.size() + " times among "
                    + spans().stream().map(Span::getName).toList());
        }
        return found.getFirst();
    }

    static String attribute(List<KeyValue> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .map(attribute -> switch (attribute.getValue().getValueCase()) {
                    case STRING_VALUE -> attribute.getValue().getStringValue();
                    case INT_VALUE -> Long.toString(attribute.getValue().getIntValue());
                    case BOOL_VALUE -> Boolean.toString(attribute.getValue().getBoolValue());
                    default -> throw new AssertionError(attribute.toString());
                })
                .findFirst()
                .orElse("");
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.countDown();
        try (exchange) {
            answering.await();
            String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
            InputStream body = Objects.equals(encoding, "gzip")
                    ? new GZIPInputStream(exchange.getRequestBody())
                    : exchange.getRequestBody();
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            String key = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Api-Key"), "");
            exports.add(new Export(type, key, ExportTraceServiceRequest.parseFrom(body)));
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        answering.countDown();
        server.stop(0);
    }

    /// What came at once.
    record Export(String contentType, String apiKey, ExportTraceServiceRequest request) {}
}
