package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.config.HttpConfig;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// P23 at the border: not ready first, then closed, and what is under way is finished.
class ShutdownTest {
    private static final String ENTRY = "/v1/namespaces/ns/entries/k";

    @Test
    void aStoppingServer_saysSoAndClosesItsConnections() throws InterruptedException {
        var config = new HttpConfig(
                "127.0.0.1",
                0,
                Set.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(600));
        try (TestServer server = TestServer.with().http(config).start();
                Api api = server.anybody()) {
            int port = server.port();
            Thread stopping = Thread.ofVirtual().start(server::stop);
            Reply ready;
            do {
                ready = api.get("/readyz");
            } while (ready.status() == 200);
            assertEquals(503, ready.status());
            Reply health = api.get("/health");
            assertEquals(200, health.status());
            assertEquals("close", health.header("connection"));
            stopping.join();
            assertThrows(UncheckedIOException.class, () -> new RawConnection(port));
        }
    }

    @Test
    void aRequestUnderWay_isFinished() throws InterruptedException {
        try (TestServer server = TestServer.start();
                Api api = server.newcomerWithNamespace();
                var connection = new RawConnection(server.port());
                var idle = new RawConnection(server.port())) {
            idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(200, Objects.requireNonNull(idle.read()).status());
            String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key()
                    + "\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n";
            assertEquals(
                    100, Objects.requireNonNull(connection.send(head).read()).status());
            Thread stopping = Thread.ofVirtual().start(server::stop);
            assertNull(idle.read());
            Reply reply = connection.send("{\"value\":1}").read();
            assertNotNull(reply);
            assertEquals(201, reply.status());
            assertEquals("close", reply.header("connection"));
            assertNull(connection.read());
            stopping.join();
        }
    }

    @Test
    void aTakenPort_isAnErrorAndNotASilence() {
        try (TestServer server = TestServer.start()) {
            var config = new HttpConfig(
                    "127.0.0.1",
                    server.port(),
                    Set.of(),
                    Set.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ZERO);
            var failure = assertThrows(
                    IllegalStateException.class, () -> HttpServer.start(config, HttpLimits.DEFAULT, server.parts()));
            assertTrue(String.valueOf(failure.getMessage()).contains(String.valueOf(server.port())));
        }
    }
}
