package dev.ctxmem.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A loopback HTTP server that notes what it was asked and gives the answers it was told to give, in order.
final class CannedServer implements AutoCloseable {
    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http;

    CannedServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    CannedServer answers(int status, String body) {
        return answers(status, body, Map.of());
    }

    CannedServer answers(int status, String body, Map<String, String> headers) {
        answers.add(new Answer(status, body, headers));
        return this;
    }

    Request onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("one request expected, came: " + requests);
        }
        return requests.getFirst();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    body));
            @Nullable Answer answer = answers.poll();
            if (answer == null) {
                answer = new Answer(500, "no answer was prepared", Map.of());
            }
            byte[] content = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    /// `target` is the path and query as they came over the wire.
    record Request(String method, String target, Headers headers, String body) {
        @Nullable
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    private record Answer(int status, String body, Map<String, String> headers) {}
}
