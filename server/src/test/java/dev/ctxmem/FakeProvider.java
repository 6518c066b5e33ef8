package dev.ctxmem;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// An embedding service on this machine, of 1,536 dimensions unless another number is given: texts of the same words
/// have the same direction.
final class FakeProvider implements AutoCloseable {
    static final String MODEL = "fake-1536";
    static final int DIMENSION = 1536;

    /// How the keys of entries begin; questions do not.
    static final String ENTRY = "note";

    private final HttpServer server;
    private final int dimension;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicInteger embedded = new AtomicInteger();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final int textsMax;
    private volatile boolean waiting;

    /// Answers nothing more behind `textsMax` texts until [#open].
    FakeProvider(int textsMax) {
        this(textsMax, DIMENSION);
    }

    FakeProvider(int textsMax, int dimension) {
        this.textsMax = textsMax;
        this.dimension = dimension;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/embeddings", this::handle);
        server.start();
    }

    EmbeddingModel model() {
        return new EmbeddingModel(MODEL, dimension);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /// Whether somebody waits for [#open].
    boolean isWaitedFor() {
        return waiting;
    }

    /// Entries embedded so far.
    int embedded() {
        return embedded.get();
    }

    void open() {
        opened.countDown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, Json> body =
                    Json.parseBody(exchange.getRequestBody().readAllBytes()).members();
            List<String> texts = Objects.requireNonNull(body.get("input")).elements().stream()
                    .map(Json::asString)
                    .toList();
            int notes =
                    (int) texts.stream().filter(text -> text.startsWith(ENTRY)).count();
            if (notes > 0 && asked.addAndGet(notes) > textsMax) {
                await();
            }
            var json = new JsonWriter().beginObject().name("data").beginArray();
            for (int i = 0; i < texts.size(); i++) {
                json.beginObject().member("index", i).name("embedding").beginArray();
                for (float component : vector(texts.get(i))) {
                    json.value((double) component);
                }
                json.endArray().endObject();
            }
            byte[] answer = json.endArray().endObject().toUtf8();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            // Only what somebody has got: a caller may be dead by now.
            embedded.addAndGet(notes);
        }
    }

    private void await() {
        waiting = true;
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The sum of a fixed random direction for each word.
    private float[] vector(String text) {
        var sum = new float[dimension];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+", -1)) {
            var random = new SplittableRandom(word.hashCode());
            for (int i = 0; i < dimension; i++) {
                sum[i] += random.nextInt(2001) / 1000f - 1;
            }
        }
        return sum;
    }

    @Override
    public void close() {
        opened.countDown();
        server.stop(0);
    }
}
