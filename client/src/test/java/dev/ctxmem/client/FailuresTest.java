package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.FieldError;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How everything that can go wrong between a caller and a server ends: as one MemoryException that says what.
final class FailuresTest {
    private final CannedServer server = new CannedServer();
    private final HttpMemories memories = new HttpMemories(Endpoint.at(server.url()), "ctx_secret");

    @AfterEach
    void close() {
        memories.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeOfTheWire_comesThrough(ErrorCode code) {
        server.answers(
                code.status(),
                "{\"code\":\"" + code + "\",\"detail\":\"What happened.\",\"status\":" + code.status() + "}");

        var failure = failure();

        assertEquals(code, failure.code());
        assertEquals("What happened.", failure.detail());
    }

    @ParameterizedTest
    @CsvSource({
        "307, UNREACHABLE",
        "400, MALFORMED_REQUEST",
        "401, INVALID_API_KEY",
        "403, INSUFFICIENT_SCOPE",
        "404, NOT_FOUND",
        "405, METHOD_NOT_ALLOWED",
        "408, REQUEST_TIMEOUT",
        "409, ALREADY_EXISTS",
        "410, NOT_FOUND",
        "413, BODY_TOO_LARGE",
        "414, URL_TOO_LONG",
        "415, UNSUPPORTED_ENCODING",
        "418, MALFORMED_REQUEST",
        "422, INVALID_VALUE",
        "429, RATE_LIMITED",
        "431, HEADERS_TOO_LARGE",
        "500, INTERNAL",
        "502, UNREACHABLE",
        "503, UNAVAILABLE",
        "504, UNREACHABLE",
        "507, STORAGE_FULL",
        "599, INTERNAL",
    })
    void codesThatAreNotKnown_areToldByTheirStatus(int status, ErrorCode expected) {
        server.answers(status, "{\"code\":\"OF_ANOTHER_VERSION\",\"error\":\"In other words.\"}");

        var failure = failure();

        assertEquals(expected, failure.code());
        assertEquals("In other words.", failure.detail());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>Bad Gateway</html>", "", "[]", "\"no\"", "{\"code\":7,\"detail\":null,\"errors\":{}}"})
    void answersInTheWordsOfAProxy_areToldByTheirStatus(String body) {
        server.answers(502, body);

        var failure = failure();

        assertEquals(ErrorCode.UNREACHABLE, failure.code());
        assertEquals("The server answered with status 502 and no explanation.", failure.detail());
    }

    @Test
    void refusedFields_areNamed() {
        server.answers(422, """
                {"code":"INVALID_VALUE","detail":"tags has more than 64 tags",
                 "errors":[{"pointer":"/tags","message":"has more than 64 tags"},{"pointer":"/key","message":"no"}]}""");

        assertEquals(
                List.of(new FieldError("/tags", "has more than 64 tags"), new FieldError("/key", "no")),
                failure().errors());
    }

    @Test
    void aReachedLimit_saysWhereTheAccountStands() {
        server.answers(403, "{\"code\":\"TIER_LIMIT_REACHED\",\"detail\":\"Full.\",\"limit\":1,\"current\":1}");

        assertEquals(Optional.of(new Quota(1, 1)), failure().quota());
    }

    @Test
    void retryAfter_isReadInWholeSeconds() {
        server.answers(429, "{\"code\":\"RATE_LIMITED\",\"detail\":\"Slow down.\"}", Map.of("Retry-After", "17"));
        server.answers(429, "{\"code\":\"RATE_LIMITED\"}", Map.of("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"));

        assertEquals(Optional.of(Duration.ofSeconds(17)), failure().retryAfter());
        assertEquals(Optional.empty(), failure().retryAfter());
    }

    @Test
    void internalErrors_nameTheRequestForTheOperator() {
        server.answers(500, "{\"code\":\"INTERNAL\",\"detail\":\"Something broke.\",\"request_id\":\"req_9\"}");

        assertEquals("Something broke. (request req_9)", failure().detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Welcome to nginx</html>", "", "[]", "{}", "{\"namespaces\":[{\"id\":\"x\"}]}"})
    void successesOfSomethingElseThanAServer_areUnreachable(String body) {
        server.answers(200, body);

        assertEquals(ErrorCode.UNREACHABLE, failure().code());
    }

    @Test
    void aPortWhereNobodyListens_isUnreachable() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (var nobody = new HttpMemories(Endpoint.at("http://127.0.0.1:" + port), "ctx_secret")) {
            var failure = assertThrows(MemoryException.class, nobody::namespaces);

            assertEquals(ErrorCode.UNREACHABLE, failure.code());
            assertEquals("http://127.0.0.1:" + port + " takes no connections.", failure.detail());
        }
    }

    @Test
    void anAnswerThatStallsInItsBody_isNotWaitedForForever() throws Exception {
        try (var silent = RawServer.sending("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", false)) {
            var failure = failureAt(silent.url());

            assertEquals(ErrorCode.UNREACHABLE, failure.code());
            assertEquals(silent.url() + " did not answer within 400 ms.", failure.detail());
        }
    }

    @Test
    void anAnswerThatBreaksOff_isUnreachable() throws Exception {
        try (var broken = RawServer.sending("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", true)) {
            var failure = failureAt(broken.url());

            assertEquals(ErrorCode.UNREACHABLE, failure.code());
            assertEquals(broken.url() + " broke off before the answer was complete.", failure.detail());
        }
    }

    @Test
    void aSecureAddressOfAPlainServer_isUnreachable() {
        server.answers(200, "{}");
        try (var secure = new HttpMemories(Endpoint.at(server.url().replace("http:", "https:")), "ctx_secret")) {
            assertEquals(
                    ErrorCode.UNREACHABLE,
                    assertThrows(MemoryException.class, secure::namespaces).code());
        }
    }

    @Test
    void overload_isNotRetriedUnlessAskedFor() {
        server.answers(503, "{\"code\":\"OVERLOADED\",\"detail\":\"Busy.\"}", Map.of("Retry-After", "0"));

        assertEquals(ErrorCode.OVERLOADED, failure().code());
        assertEquals(1, server.requests.size());
    }

    @Test
    void retries_sendTheSameRequestUntilItIsTaken() {
        server.answers(503, "{\"code\":\"OVERLOADED\"}", Map.of("Retry-After", "0"))
                .answers(429, "{\"code\":\"RATE_LIMITED\"}", Map.of("Retry-After", "0"))
                .answers(409, "{\"code\":\"ALREADY_EXISTS\"}");
        try (var patient = new HttpMemories(Endpoint.at(server.url()).withRetries(5), "ctx_secret")) {
            var failure = assertThrows(MemoryException.class, () -> patient.createNamespace(NewNamespace.of("ns")));

            assertEquals(ErrorCode.ALREADY_EXISTS, failure.code());
        }
        assertEquals(3, server.requests.size());
        assertEquals(
                server.requests.getFirst().body(), server.requests.getLast().body());
    }

    @Test
    void retries_endWithTheLastFailure_andDoNotWaitLongerThanHalfAMinute() {
        server.answers(503, "{}", Map.of("Retry-After", "0")).answers(503, "{}", Map.of("Retry-After", "31"));
        try (var patient = new HttpMemories(Endpoint.at(server.url()).withRetries(5), "ctx_secret")) {
            assertEquals(
                    Optional.of(Duration.ofSeconds(31)),
                    assertThrows(MemoryException.class, patient::namespaces).retryAfter());
        }
        assertEquals(2, server.requests.size());
    }

    @Test
    void oneClient_servesManyThreads() throws Exception {
        int calls = 200;
        for (int i = 0; i < calls; i++) {
            server.answers(200, HttpMemoriesTest.entry("k", "1"));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            var pending = new java.util.ArrayList<Future<?>>();
            for (int i = 0; i < calls; i++) {
                String key = "key-" + i;
                pending.add(threads.submit(() -> memories.get("ns", key)));
            }
            for (var one : pending) {
                assertNotNull(one.get());
            }
        }
        assertEquals(
                calls,
                server.requests.stream()
                        .map(CannedServer.Request::target)
                        .distinct()
                        .count());
    }

    @Test
    void close_endsACallThatWaits() throws Exception {
        try (var silent = RawServer.sending("", false);
                var thread = Executors.newSingleThreadExecutor()) {
            var waiting = new HttpMemories(Endpoint.at(silent.url()), "ctx_secret");
            Future<?> call = thread.submit(waiting::namespaces);
            silent.asked.await();

            waiting.close();

            var end = assertThrows(ExecutionException.class, call::get);
            assertTrue(end.getCause() instanceof MemoryException, String.valueOf(end.getCause()));
        }
    }

    private MemoryException failure() {
        return assertThrows(MemoryException.class, memories::namespaces);
    }

    private static MemoryException failureAt(String url) {
        var endpoint = Endpoint.at(url).withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(400));
        try (var client = new HttpMemories(endpoint, "ctx_secret")) {
            return assertThrows(MemoryException.class, client::namespaces);
        }
    }

    /// Takes one connection and sends the same bytes whatever it is asked.
    private static final class RawServer implements AutoCloseable {
        final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch closing = new CountDownLatch(1);
        private final ServerSocket listener;

        private RawServer(ServerSocket listener) {
            this.listener = listener;
        }

        static RawServer sending(String bytes, boolean hangUp) throws IOException {
            var server = new RawServer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> server.serve(bytes, hangUp));
            return server;
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            closing.countDown();
            listener.close();
        }

        private void serve(String bytes, boolean hangUp) {
            try (var socket = listener.accept()) {
                socket.getInputStream().read();
                asked.countDown();
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                if (!hangUp) {
                    closing.await();
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
