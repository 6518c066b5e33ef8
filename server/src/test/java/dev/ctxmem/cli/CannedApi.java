package dev.ctxmem.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A loopback HTTP server that notes what it was asked and gives one prepared answer per method and path.
final class CannedApi implements AutoCloseable {
    private static final Answer NOT_PREPARED =
            new Answer(404, "{\"code\":\"NOT_FOUND\",\"detail\":\"Entry not found.\"}");

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final HttpServer http;

    CannedApi() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /// `route` is `METHOD /path?query` as it comes over the wire.
    CannedApi answers(String route, int status, String body) {
        answers.put(route, new Answer(status, body));
        return this;
    }

    Request lastRequest() {
        return requests.getLast();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String route = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(route, body, exchange.getRequestHeaders().getFirst("Authorization")));
            Answer answer = answers.getOrDefault(route, NOT_PREPARED);
            byte[] content = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), content.length);
            exchange.getResponseBody().write(content);
        }
    }

    record Request(String route, String body, @Nullable String authorization) {}

    private record Answer(int status, String body) {}
}
