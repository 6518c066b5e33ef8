package dev.ctxmem.embed.openai;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// An embedding service on this machine that answers as each test wants, well by default: a vector of
/// [#DIMENSION] whose first component is the length of the text.
final class FakeService implements AutoCloseable {
    static final int DIMENSION = 8;
    static final String KEY = "sk-canary-5up3rs3cr3t";

    private final HttpServer server;
    private final ConcurrentLinkedQueue<Reply> script = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    FakeService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/embeddings", this::handle);
        server.start();
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    OpenAiSettings settings() {
        return settings(Optional.of(DIMENSION));
    }

    OpenAiSettings settings(Optional<Integer> dimensions) {
        return new OpenAiSettings(
                baseUrl(),
                Optional.of(KEY),
                "fake-model",
                dimensions,
                new OpenAiSettings.Timeouts(Duration.ofSeconds(2), Duration.ofMillis(500)));
    }

    /// The next requests get these, each one; then all get a good answer.
    FakeService answering(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, Json> body =
                    Json.parseBody(exchange.getRequestBody().readAllBytes()).members();
            var request = new Request(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    Objects.requireNonNull(body.get("model")).asString(),
                    Objects.requireNonNull(body.get("input")).elements().stream()
                            .map(Json::asString)
                            .toList(),
                    Optional.ofNullable(body.get("dimensions")).map(number -> Integer.parseInt(number.text())));
            requests.add(request);
            Reply reply = script.poll();
            (reply == null ? Reply.good() : reply).send(this, exchange, request);
        }
    }

    /// Blocks until the service closes.
    void hang() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    record Request(String authorization, String model, List<String> input, Optional<Integer> dimensions) {}

    /// How one request is answered.
    interface Reply {
        void send(FakeService service, HttpExchange exchange, Request request) throws IOException;

        static Reply good() {
            return body(request ->
                    vectors(request.input().size(), request.dimensions().orElse(DIMENSION), request));
        }

        static Reply body(Function<Request, String> body) {
            return (_, exchange, request) -> write(exchange, 200, body.apply(request));
        }

        static Reply status(int status, String... headers) {
            return (_, exchange, _) -> {
                for (int i = 0; i < headers.length; i += 2) {
                    exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
                }
                write(exchange, status, "{\"error\":{\"message\":\"canary of the provider\"}}");
            };
        }

        /// Never answers.
        static Reply hanging() {
            return (service, _, _) -> service.hang();
        }

        /// Sends the beginning of an answer, then a byte now and then, for ever.
        static Reply trickling() {
            return (service, exchange, _) -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"data\":".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                service.hang();
            };
        }

        /// Promises more than it sends, and closes the connection.
        static Reply reset() {
            return (_, exchange, _) -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"data\":".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                throw new IOException("ends the connection");
            };
        }

        /// An answer of two gigabytes, as far as somebody reads it.
        static Reply endless() {
            return (_, exchange, _) -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] block = new byte[1 << 16];
                OutputStream out = exchange.getResponseBody();
                for (long sent = 0; sent < 2L << 30; sent += block.length) {
                    out.write(block);
                }
            };
        }

        static String vectors(int count, int dimension, Request request) {
            var json = new JsonWriter()
                    .beginObject()
                    .member("object", "list")
                    .name("data")
                    .beginArray();
            // Backwards, for the order is told by the index alone.
            for (int i = count - 1; i >= 0; i--) {
                json.beginObject()
                        .member("object", "embedding")
                        .name("embedding")
                        .beginArray();
                int length = i < request.input().size() ? request.input().get(i).length() : 1;
                for (int j = 0; j < dimension; j++) {
                    json.value(j == 0 ? length + 1.5 : 1.5);
                }
                json.endArray().member("index", i).endObject();
            }
            return json.endArray()
                    .member("model", "fake-model")
                    .name("usage")
                    .beginObject()
                    .member("total_tokens", 3)
                    .endObject()
                    .endObject()
                    .toString();
        }

        private static void write(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
