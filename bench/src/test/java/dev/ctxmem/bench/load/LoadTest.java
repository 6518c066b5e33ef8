package dev.ctxmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final int ENTRIES = 50;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile int status = 200;
    private HttpServer server;
    private Target target;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        target = new Target(
                "A", URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "ctx_key");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    /// Half of the answers are in chunks, half have their length.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            assertEquals("ctx_key", exchange.getRequestHeaders().getFirst("x-api-key"));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            byte[] answer = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, requests.getAndIncrement() % 2 == 0 ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Test
    void preload_writesEveryEntryOnce() {
        Measured measured = new Load(4, ENTRIES).preload(target);

        assertEquals(ENTRIES, measured.latencies().length);
        assertEquals(0, measured.errors());
        assertEquals(ENTRIES + 1, requests.get());
        for (int i = 0; i < ENTRIES; i++) {
            String key = "\"key\":\"note-" + i + "\"";
            assertEquals(
                    1, asked.stream().filter(request -> request.contains(key)).count(), key);
        }
    }

    @Test
    void mixed_asksForAllThree() {
        Measured measured = new Load(4, ENTRIES).run(target, Scenario.MIXED, Duration.ZERO, Duration.ofMillis(500));

        assertEquals(0, measured.errors());
        assertTrue(measured.perSecond() > 0);
        assertTrue(asked.stream().anyMatch(request -> request.startsWith("GET /v1/namespaces/bench-load/entries/")));
        assertTrue(asked.stream().anyMatch(request -> request.startsWith("POST /v1/search ")));
        assertTrue(asked.stream().anyMatch(request -> request.startsWith("POST /v1/namespaces/bench-load/entries ")));
    }

    @Test
    void refusals_areErrors_notFastAnswers() {
        status = 429;

        Measured measured = new Load(2, ENTRIES).run(target, Scenario.GET, Duration.ZERO, Duration.ofMillis(200));

        assertEquals(0, measured.latencies().length);
        assertTrue(measured.errors() > 0);
        assertThrows(IllegalStateException.class, () -> new Load(2, ENTRIES).preload(target));
    }
}
