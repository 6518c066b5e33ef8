package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerTest {
    private final CannedServer canned = new CannedServer();
    private final Server server = new Server(Endpoint.at(canned.url()));

    @AfterEach
    void close() {
        server.close();
        canned.close();
    }

    @Test
    void health_readsVersionAndClock_withoutAKey() {
        canned.answers(200, "{\"status\":\"ok\",\"version\":\"0.1.0\",\"timestamp\":\"2026-01-02T03:04:05.006Z\"}");

        assertEquals(new Health("0.1.0", Instant.parse("2026-01-02T03:04:05.006Z")), server.health());
        assertEquals("/health", canned.onlyRequest().target());
        assertNull(canned.onlyRequest().header("Authorization"));
    }

    @Test
    void health_ofAServerWithoutItsStore_isUnavailable() {
        canned.answers(503, "{\"status\":\"unavailable\"}");

        assertEquals(
                ErrorCode.UNAVAILABLE,
                assertThrows(MemoryException.class, server::health).code());
    }

    @Test
    void signup_givesTheAccountAndItsFirstKey() {
        canned.answers(201, """
                {"api_key":"ctx_first","account":{"id":"01890a5d-ac96-774b-bcce-b302099a8057","email":"admin@local",
                 "name":"Admin","tier":"team","created_at":"2026-01-02T03:04:05.006Z"}}""");

        var signedUp = server.signup(new NewAccount("admin@local", "Admin"));

        assertEquals("ctx_first", signedUp.apiKey());
        assertEquals("admin@local", signedUp.account().email());
        assertEquals(
                "{\"email\":\"admin@local\",\"name\":\"Admin\"}",
                canned.onlyRequest().body());
        assertFalse(signedUp.toString().contains("ctx_first"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:3000",
                "ftp://host",
                "http://",
                "http:///path",
                "http://user:secret@host",
                "http://host?key=1",
                "http://host#x",
                "http://ho st",
            })
    void urlsOfAnotherForm_areRefused(String url) {
        assertEquals(
                ErrorCode.INVALID_VALUE,
                assertThrows(MemoryException.class, () -> Endpoint.at(url)).code());
    }

    @Test
    void endpointsWithoutPatience_areRefused() {
        var endpoint = Endpoint.at("https://memory.example.com/");

        assertEquals("https://memory.example.com", endpoint.url().toString());
        assertThrows(MemoryException.class, () -> endpoint.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)));
        assertThrows(MemoryException.class, () -> endpoint.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(-1)));
        assertThrows(MemoryException.class, () -> endpoint.withRetries(-1));
        assertThrows(MemoryException.class, () -> endpoint.withRetries(11));
    }
}
