package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What no client library would send: lies about lengths, endless heads, silence.
class WireLimitsTest {
    private static final String ENTRY = "/v1/namespaces/ns/entries/k";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void headsThatAreNoHttp_are400() {
        for (String request : List.of(
                "\r\n\r\n",
                "GET\r\n\r\n",
                "GET /health\r\n\r\n",
                "GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\nHost: localhost\n\n",
                "GET /health HTTP/1.1\r\nHost: localhost\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: b\u0000c\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n folded\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\nhello",
                "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /health#part HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n")) {
            assertRefused(400, "MALFORMED_REQUEST", request);
        }
    }

    @Test
    void lengthsThatContradictThemselves_are400() {
        String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + api.key() + "\r\n";
        for (String rest : List.of(
                "Content-Length: 11\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"value\":1}\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity\r\n\r\n",
                "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 11\r\nContent-Length: 12\r\n\r\n{\"value\":1}",
                "Content-Length: 11, 12\r\n\r\n{\"value\":1}",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: +11\r\n\r\n{\"value\":1}",
                "Content-Length: 0x0b\r\n\r\n{\"value\":1}",
                "Content-Length: eleven\r\n\r\n{\"value\":1}",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nb;extension=x\r\n{\"value\":1}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nb\r\n{\"value\":1}\r\n0\r\nX-Trailer: x\r\n\r\n")) {
            assertRefused(400, "MALFORMED_REQUEST", head + rest);
        }
        assertEquals(404, api.get(ENTRY).status());
    }

    @Test
    void aBodyThatEndsEarly_is400() {
        String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key() + "\r\n";
        for (String rest : List.of(
                "Content-Length: 500\r\n\r\n{\"value\":1}",
                "Transfer-Encoding: chunked\r\n\r\nb\r\n{\"value\"",
                "X-A: b")) {
            try (var connection = new RawConnection(server.port())) {
                assertProblem(
                        400,
                        "MALFORMED_REQUEST",
                        connection.send(head + rest).finish().read());
                assertNull(connection.read());
            }
        }
    }

    @Test
    void aBodyThatGoesOnBehindItsLength_isNotPartOfIt() {
        try (var connection = new RawConnection(server.port())) {
            connection.send("PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key()
                    + "\r\nContent-Length: 11\r\n\r\n{\"value\":1} and more\r\n\r\n");
            assertEquals(201, status(connection.read()));
            assertProblem(400, "MALFORMED_REQUEST", connection.finish().read());
        }
    }

    @Test
    void chunkedBodies_work() {
        try (var connection = new RawConnection(server.port())) {
            String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key()
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n";
            connection.send(head + "6\r\n{\"valu\r\n5\r\ne\":1}\r\n0\r\n\r\n");
            assertEquals(201, status(connection.read()));
            connection.send(head + "B\r\n{\"value\":2}\r\n0\r\n\r\n");
            assertEquals(200, status(connection.read()));
        }
    }

    @Test
    void bodies_areCutOffAtTheLimitHoweverTheyAreSent() {
        String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key() + "\r\n";
        String tooMuch = "x".repeat(Limits.BODY_BYTES_MAX + 1);
        assertRefused(413, "BODY_TOO_LARGE", head + "Content-Length: " + tooMuch.length() + "\r\n\r\n" + tooMuch);
        assertRefused(413, "BODY_TOO_LARGE", head + "Content-Length: 9223372036854775807\r\n\r\n{");
        assertRefused(413, "BODY_TOO_LARGE", head + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n{");
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        assertRefused(413, "BODY_TOO_LARGE", head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(300));
        assertRefused(413, "BODY_TOO_LARGE", head + "Transfer-Encoding: chunked\r\n\r\n" + "0".repeat(6 << 20));
    }

    @Test
    void urlsAndHeads_haveLimits() {
        assertRefused(414, "URL_TOO_LONG", "GET /" + "u".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        String head = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
        assertRefused(431, "HEADERS_TOO_LARGE", head + "X-A: " + "h".repeat(64 << 10) + "\r\n\r\n");
        assertRefused(431, "HEADERS_TOO_LARGE", head + "X-Header: twenty characters\r\n".repeat(1000) + "\r\n");
        assertRefused(431, "HEADERS_TOO_LARGE", head + "n".repeat(64 << 10));
        try (var connection = new RawConnection(server.port())) {
            connection.send(head + "X-A: " + "h".repeat(15 << 10) + "\r\n\r\n");
            assertEquals(200, status(connection.read()));
        }
    }

    @Test
    void http10_isAnsweredAndClosed() {
        try (var connection = new RawConnection(server.port())) {
            assertEquals(
                    200, status(connection.send("GET /health HTTP/1.0\r\n\r\n").read()));
            assertNull(connection.read());
        }
        try (var connection = new RawConnection(server.port())) {
            connection.send("PUT " + ENTRY + " HTTP/1.0\r\n");
            connection.send("Host: localhost\r\nConnection: keep-alive\r\nx-api-key: " + api.key() + "\r\n");
            connection.send("Content-Length: 11\r\n\r\n{\"value\":1}");
            assertEquals(201, status(connection.read()));
            assertNull(connection.read());
        }
        assertRefused(
                400,
                "MALFORMED_REQUEST",
                "POST /v1/signup HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void connectionClose_isHonoured() {
        try (var connection = new RawConnection(server.port())) {
            Reply reply = connection
                    .send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .read();
            assertEquals("close", there(reply).header("connection"));
            assertNull(connection.read());
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() {
        try (var connection = new RawConnection(server.port())) {
            String get = "GET %s HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: %s\r\n\r\n";
            connection.send(get.formatted("/health", 1) + get.formatted("/nope", 2) + get.formatted("/livez", 3));
            for (int i = 1; i <= 3; i++) {
                assertEquals(Integer.toString(i), there(connection.read()).header("x-request-id"));
            }
        }
    }

    @Test
    void anUnreadBody_isNeverTakenForARequest() {
        String hidden = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: hidden\r\n\r\n";
        for (int padding : List.of(0, 200_000)) {
            try (var connection = new RawConnection(server.port())) {
                String body = hidden + " ".repeat(padding);
                connection.send("PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
                assertProblem(401, "INVALID_API_KEY", connection.read());
                assertNull(connection.finish().read());
            }
        }
    }

    @Test
    void expectContinue_isAnsweredBeforeTheBody() {
        String head = "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 11\r\n";
        try (var connection = new RawConnection(server.port())) {
            connection.send(head + "x-api-key: " + api.key() + "\r\n\r\n");
            assertEquals(100, status(connection.read()));
            connection.send("{\"value\":1}");
            assertEquals(201, status(connection.read()));
        }
        try (var connection = new RawConnection(server.port())) {
            assertProblem(401, "INVALID_API_KEY", connection.send(head + "\r\n").read());
        }
    }

    @Test
    void slowHeadsAndBodies_are408() {
        HttpLimits hasty = limits(10, Duration.ofMillis(300), Duration.ofMillis(600));
        try (TestServer impatient = TestServer.with().limits(hasty).start();
                Api caller = impatient.newcomerWithNamespace()) {
            for (String request : List.of(
                    "GET /hea",
                    "GET /health HTTP/1.1\r\nHost: loc",
                    "PUT " + ENTRY + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + caller.key()
                            + "\r\nContent-Length: 500\r\n\r\n{\"val")) {
                try (var connection = new RawConnection(impatient.port())) {
                    assertProblem(
                            408, "REQUEST_TIMEOUT", connection.send(request).read());
                    assertNull(connection.read());
                }
            }
            try (var silent = new RawConnection(impatient.port())) {
                assertNull(silent.read());
            }
        }
    }

    @Test
    void tooManyConnections_are503() {
        try (TestServer small = TestServer.with()
                .limits(limits(3, Duration.ofSeconds(10), Duration.ofSeconds(60)))
                .start()) {
            var open = new ArrayList<RawConnection>();
            try {
                for (int i = 0; i < 3; i++) {
                    var connection = new RawConnection(small.port());
                    open.add(connection);
                    assertEquals(
                            200,
                            status(connection
                                    .send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .read()));
                }
                try (var refused = new RawConnection(small.port())) {
                    Reply reply = refused.read();
                    assertProblem(503, "OVERLOADED", reply);
                    assertNotNull(there(reply).header("retry-after"));
                }
            } finally {
                open.forEach(RawConnection::close);
            }
        }
    }

    @Test
    void tooMuchAtOnce_is503AndHealthAnswersAllTheSame() throws Exception {
        var capacity = new Capacity(limits(10, Duration.ofSeconds(10), Duration.ofSeconds(60)));
        var held = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> holders = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                holders.add(threads.submit(() -> {
                    try (var _ = capacity.forRequest()) {
                        held.countDown();
                        release.await();
                    }
                    return null;
                }));
            }
            held.await();
            long before = System.nanoTime();
            var failure = assertThrows(MemoryException.class, capacity::forRequest);
            assertEquals(ErrorCode.OVERLOADED, failure.code());
            assertTrue(System.nanoTime() - before < Duration.ofSeconds(1).toNanos());
            release.countDown();
            for (Future<?> holder : holders) {
                holder.get();
            }
        }
        capacity.forRequest().close();
    }

    private static HttpLimits limits(int connections, Duration head, Duration request) {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                connections,
                usual.connectionsPerAddressMax(),
                2,
                usual.bodyBytesAtOnceMax(),
                Duration.ofMillis(100),
                head,
                request,
                usual.writeTimeout(),
                usual.idleTimeout(),
                Duration.ofSeconds(5));
    }

    private void assertRefused(int status, String code, String request) {
        try (var connection = new RawConnection(server.port())) {
            assertProblem(status, code, connection.send(request).finish().read());
            assertNull(connection.read(), request);
        }
    }

    private void assertProblem(int status, String code, @Nullable Reply reply) {
        Reply there = there(reply);
        assertEquals(status, there.status(), there::toString);
        assertEquals(code, there.at("/code"));
        api.check("GET", "/", there);
    }

    private static int status(@Nullable Reply reply) {
        return there(reply).status();
    }

    private static Reply there(@Nullable Reply reply) {
        return Objects.requireNonNull(reply, "the server closed the connection without an answer");
    }
}
