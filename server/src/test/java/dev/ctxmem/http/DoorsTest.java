package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.config.HttpConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Who is let in before any key is looked at: hosts, origins, proxies, and the readers of metrics.
class DoorsTest {
    @Test
    void aForeignHost_isTurnedAwayOnLoopback() {
        try (TestServer server = TestServer.start();
                Api api = server.anybody()) {
            for (String host :
                    List.of("localhost", "LOCALHOST:1", "127.0.0.1:3000", "127.8.9.1", "[::1]:3000", "a.localhost")) {
                assertEquals(200, api.get("/health", "Host: " + host).status(), host);
            }
            for (String host : List.of(
                    "evil.example",
                    "localhost.evil.example",
                    "127.0.0.1.evil.example",
                    "0",
                    "2130706433",
                    "10.0.0.1")) {
                Reply reply = api.get("/health", "Host: " + host);
                assertEquals(421, reply.status(), host);
                assertEquals("HOST_NOT_ALLOWED", reply.at("/code"));
            }
        }
    }

    @Test
    void namedHosts_areLetInBesideTheLoopbackOnes() {
        try (TestServer server = TestServer.with()
                        .http(TestServer.Settings.http("0.0.0.0", Set.of("memory.example"), Set.of(), List.of()))
                        .start();
                Api api = server.anybody()) {
            assertEquals(200, api.get("/health", "Host: Memory.Example:8443").status());
            assertEquals(200, api.get("/health", "Host: localhost").status());
            assertEquals(421, api.get("/health", "Host: other.example").status());
        }
        try (TestServer server = TestServer.with()
                        .http(TestServer.Settings.http("0.0.0.0", Set.of(), Set.of(), List.of()))
                        .start();
                Api api = server.anybody()) {
            assertEquals(200, api.get("/health", "Host: anything.example").status());
        }
    }

    @Test
    void pagesOfOtherOrigins_areTurnedAway() {
        try (TestServer server = TestServer.start();
                Api api = server.anybody()) {
            for (String header : List.of(
                    "Origin: http://evil.example",
                    "Origin: null",
                    "Origin: http://localhost:1",
                    "Origin: localhost",
                    "Sec-Fetch-Site: cross-site")) {
                for (String method : List.of("GET", "OPTIONS", "POST")) {
                    Reply reply = api.call(method, "/v1/signup", null, "Host: localhost:3000", header);
                    assertEquals(403, reply.status(), header);
                    assertEquals("ORIGIN_NOT_ALLOWED", reply.at("/code"));
                    assertNull(reply.header("access-control-allow-origin"));
                }
            }
            assertEquals(
                    200,
                    api.get("/health", "Host: localhost:3000", "Origin: http://localhost:3000")
                            .status());
            assertEquals(200, api.get("/health", "Sec-Fetch-Site: same-origin").status());
            assertEquals(
                    200,
                    api.get("/health", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
                            .status());
            assertEquals(
                    403,
                    api.post("/v1/signup", null, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
                            .status());
        }
    }

    @Test
    void pagesOfConfiguredOrigins_areLetInWithoutCredentials() {
        try (TestServer server = TestServer.with()
                        .http(TestServer.Settings.http("127.0.0.1", Set.of(), Set.of("https://app.example"), List.of()))
                        .start();
                Api api = server.anybody()) {
            Reply preflight = api.call(
                    "OPTIONS",
                    "/v1/search",
                    null,
                    "Origin: https://app.example",
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Headers: authorization");
            assertEquals(200, preflight.status());
            assertEquals("https://app.example", preflight.header("access-control-allow-origin"));
            assertTrue(String.valueOf(preflight.header("access-control-allow-headers"))
                    .contains("Authorization"));
            assertNull(preflight.header("access-control-allow-credentials"));
            Reply reply = api.get("/health", "Origin: https://app.example", "Sec-Fetch-Site: cross-site");
            assertEquals("https://app.example", reply.header("access-control-allow-origin"));
            assertEquals(
                    403, api.get("/health", "Origin: https://other.example").status());
        }
    }

    @Test
    void metrics_areForThisMachine() {
        try (TestServer server = TestServer.start();
                Api api = server.newcomerWithNamespace()) {
            api.put("/v1/namespaces/ns/entries/secret-key", "{\"value\":\"secret-value\"}");
            Reply reply = api.get("/metrics");
            assertEquals(200, reply.status());
            assertTrue(
                    reply.text().contains("route=\"/v1/namespaces/{ns}/entries/{key}\",status=\"201\""), reply::text);
            assertTrue(reply.text().contains("jvm_memory_used_bytes"));
            assertTrue(reply.text().contains("http_server_connections"));
            assertTrue(reply.text().indexOf("secret") < 0);
            for (String forwarded : List.of("X-Forwarded-For: 9.9.9.9", "Forwarded: for=9.9.9.9", "Via: 1.1 proxy")) {
                assertEquals(404, api.get("/metrics", forwarded).status(), forwarded);
            }
        }
    }

    @Test
    void metrics_takeATokenFromElsewhere() {
        var config = new HttpConfig(
                "127.0.0.1", 0, Set.of(), Set.of(), List.of(), Optional.empty(), Optional.of("s3cret"), Duration.ZERO);
        try (TestServer server = TestServer.with().http(config).start();
                Api api = server.anybody()) {
            assertEquals(
                    200,
                    api.get("/metrics", "X-Forwarded-For: 9.9.9.9", "Authorization: Bearer s3cret")
                            .status());
            assertEquals(401, api.get("/metrics", "Authorization: Bearer wrong").status());
            assertEquals(404, api.get("/metrics", "X-Forwarded-For: 9.9.9.9").status());
        }
    }

    @Test
    void metrics_haveAListenerOfTheirOwnWhereOneIsAskedFor() {
        var config = new HttpConfig(
                "127.0.0.1", 0, Set.of(), Set.of(), List.of(), Optional.of(0), Optional.empty(), Duration.ZERO);
        try (TestServer server = TestServer.with().http(config).start();
                Api api = server.anybody();
                var metrics = new RawConnection(server.metricsPort())) {
            assertEquals(404, api.get("/metrics").status());
            Reply reply = metrics.send(
                            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();
            assertEquals(200, Objects.requireNonNull(reply).status());
            assertEquals(404, Objects.requireNonNull(metrics.read()).status());
        }
    }

    @Test
    void forwardedAddresses_areBelievedFromTrustedProxiesAlone() {
        try (TestServer server = TestServer.start();
                Api api = server.anybody()) {
            assertEquals("127.0.0.1", clientOf(server, api, "9.9.9.9"));
        }
        try (TestServer server = TestServer.with()
                        .http(TestServer.Settings.http(
                                "127.0.0.1", Set.of(), Set.of(), List.of("127.0.0.0/8", "10.0.0.0/8")))
                        .start();
                Api api = server.anybody()) {
            assertEquals("9.9.9.9", clientOf(server, api, "1.1.1.1, 9.9.9.9, 10.1.2.3"));
            assertEquals("127.0.0.1", clientOf(server, api, "not an address"));
            assertEquals("10.1.2.3", clientOf(server, api, "10.1.2.3"));
        }
    }

    @Test
    void accessLog_namesRoutesAndNeverWhatCallersWrote() {
        try (TestServer server = TestServer.start();
                Api api = server.newcomerWithNamespace()) {
            api.put("/v1/namespaces/ns/entries/hidden-key?tag=hidden", "{\"value\":\"hidden\"}", "X-Request-Id: r1");
            RequestLine line = server.logged("r1");
            assertEquals("/v1/namespaces/{ns}/entries/{key}", line.route());
            assertEquals("r1", line.requestId());
            assertEquals(201, line.status());
            assertEquals("PUT", line.method());
            assertTrue(line.json().indexOf("hidden") < 0 && line.text().indexOf("hidden") < 0);
            assertTrue(line.json().indexOf(String.valueOf(api.key())) < 0);
        }
    }

    private static String clientOf(TestServer server, Api api, String forwardedFor) {
        String id = "to-" + forwardedFor.hashCode();
        api.get("/health", "X-Forwarded-For: " + forwardedFor, "X-Request-Id: " + id);
        return server.logged(id).client();
    }
}
