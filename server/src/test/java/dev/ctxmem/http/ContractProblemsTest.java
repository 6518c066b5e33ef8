package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The conventions: what every answer has, and every way to fail.
class ContractProblemsTest {
    private static final String ENTRIES = "/v1/namespaces/ns/entries";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void problem_hasAllMembers() {
        Reply reply = api.get("/v1/namespaces/missing", "X-Request-Id: my-request.1");
        assertEquals(404, reply.status());
        assertEquals("application/problem+json", reply.header("content-type"));
        assertEquals("/docs/errors#NOT_FOUND", reply.at("/type"));
        assertEquals("NOT_FOUND", reply.at("/code"));
        assertEquals(reply.at("/detail"), reply.at("/error"));
        assertNotEquals("", reply.at("/hint"));
        assertEquals("my-request.1", reply.at("/request_id"));
        assertEquals("my-request.1", reply.header("x-request-id"));
    }

    @Test
    void requestId_isTheCallersIfItIsSane() {
        assertEquals(
                "a".repeat(128),
                api.get("/health", "X-Request-Id: " + "a".repeat(128)).header("x-request-id"));
        for (String insane : List.of("a b", "a".repeat(129), "<script>", "a/b", "a;b", "a\u00e4")) {
            String given = api.get("/health", "X-Request-Id: " + insane).header("x-request-id");
            assertTrue(String.valueOf(given).matches("[0-9a-f-]{36}"), insane);
        }
    }

    @Test
    void everyWayToLackAKey_getsTheSame401() {
        Reply revoked;
        try (Api other = server.newcomer()) {
            other.delete("/v1/account/keys/" + other.get("/v1/account/keys").at("/keys/0/id"));
            revoked = other.get("/v1/namespaces", "X-Request-Id: same");
        }
        try (Api nobody = api.with(null)) {
            for (Reply reply : List.of(
                    revoked,
                    nobody.get("/v1/namespaces", "X-Request-Id: same"),
                    nobody.get("/v1/namespaces", "X-Request-Id: same", "Authorization: Bearer ctx_nonsense"),
                    nobody.get("/v1/namespaces", "X-Request-Id: same", "Authorization: Basic Zm9vOmJhcg=="),
                    nobody.get("/v1/namespaces", "X-Request-Id: same", "x-api-key: "),
                    nobody.get("/v1/namespaces", "X-Request-Id: same", "x-api-key: " + "x".repeat(5000)))) {
                assertEquals(401, reply.status());
                assertEquals("Bearer", reply.header("www-authenticate"));
                assertEquals(revoked.text(), reply.text());
            }
        }
    }

    @Test
    void key_isTakenFromEitherHeader() {
        try (Api nobody = api.with(null)) {
            assertEquals(
                    200, nobody.get("/v1/namespaces", "x-api-key: " + api.key()).status());
            assertEquals(
                    200, nobody.get("/v1/namespaces", "X-API-KEY: " + api.key()).status());
            assertEquals(
                    200,
                    nobody.get("/v1/namespaces", "authorization: bearer " + api.key())
                            .status());
        }
    }

    @Test
    void key_inTheUrlIsRefused() {
        try (Api nobody = api.with(null)) {
            for (String query :
                    List.of("api_key=x", "?API_KEY=x", "token=x", "access_token=x", "q=" + api.key(), "x-api-key")) {
                Reply reply = nobody.get("/v1/namespaces?" + query.replace("?", ""));
                assertEquals(400, reply.status(), query);
                assertEquals("CREDENTIAL_IN_URL", reply.at("/code"));
                assertTrue(reply.text().indexOf(String.valueOf(api.key())) < 0);
            }
        }
        assertEquals(200, api.get(ENTRIES + "?tag=ctx_notes").status());
    }

    @Test
    void malformedBodies_are400() {
        for (String body :
                List.of("{", "{\"a\":}", "nope", "{} {}", "{\"value\":1,}", "   ", "\ufeff{}", "{'a':1}", "NaN")) {
            assertCode("MALFORMED_JSON", 400, api.put(ENTRIES + "/k", body));
        }
        assertCode("MALFORMED_JSON", 400, api.put(ENTRIES + "/k", null));
        assertCode("DUPLICATE_JSON_NAME", 400, api.put(ENTRIES + "/k", "{\"value\":1,\"value\":2}"));
    }

    @Test
    void wellFormedButRefusedBodies_are422() {
        assertCode("INVALID_VALUE", 422, api.put(ENTRIES + "/k", "[1]"));
        assertCode("INVALID_VALUE", 422, api.put(ENTRIES + "/k", "7"));
        assertCode("INVALID_TEXT", 422, api.put(ENTRIES + "/k", "{\"value\":\"\\u0000\"}"));
        assertCode("INVALID_TEXT", 422, api.put(ENTRIES + "/k", "{\"value\":\"\\ud800\"}"));
        assertCode(
                "JSON_TOO_DEEP", 422, api.put(ENTRIES + "/k", "{\"value\":" + "[".repeat(200) + "]".repeat(200) + "}"));
        assertCode("NUMBER_TOO_LONG", 422, api.put(ENTRIES + "/k", "{\"value\":" + "1".repeat(65) + "}"));
        assertCode("NUMBER_OUT_OF_RANGE", 422, api.put(ENTRIES + "/k", "{\"value\":1e131071}"));
        assertCode("TOO_MANY_TOKENS", 422, api.put(ENTRIES + "/k", "{\"value\":[" + "1,".repeat(200_000) + "1]}"));
        assertCode(
                "VALUE_TOO_LARGE",
                422,
                api.put(ENTRIES + "/k", "{\"value\":\"" + "v".repeat(Limits.VALUE_BYTES_MAX + 1) + "\"}"));
        assertEquals(
                201,
                api.put(ENTRIES + "/k", "{\"value\":\"" + "v".repeat(Limits.VALUE_BYTES_MAX) + "\"}")
                        .status());
    }

    @Test
    void bodiesTooLargeOrEncoded_are413And415() {
        assertCode("BODY_TOO_LARGE", 413, api.put(ENTRIES + "/k", "x".repeat(Limits.BODY_BYTES_MAX + 1)));
        assertCode("UNSUPPORTED_ENCODING", 415, api.put(ENTRIES + "/k", "{\"value\":1}", "Content-Encoding: gzip"));
        assertCode("UNSUPPORTED_ENCODING", 415, api.put(ENTRIES + "/k", "{\"value\":1}", "Content-Encoding: br"));
        assertEquals(
                201,
                api.put(ENTRIES + "/k", "{\"value\":1}", "Content-Encoding: identity")
                        .status());
    }

    @Test
    void contentType_isNotLookedAt() {
        assertEquals(201, api.put(ENTRIES + "/a", "{\"value\":1}").status());
        assertEquals(
                201,
                api.put(ENTRIES + "/b", "{\"value\":1}", "Content-Type: application/x-www-form-urlencoded")
                        .status());
        assertEquals(
                200,
                api.get(ENTRIES + "/a", "Content-Type: application/json", "Accept: image/*;q=nonsense")
                        .status());
        assertEquals(
                200,
                api.delete(ENTRIES + "/a", "Content-Type: application/json").status());
    }

    @Test
    void aBodyWhereNoneIsWanted_isDropped() {
        assertEquals(200, api.call("GET", "/v1/namespaces", "{\"x\":1}").status());
        assertEquals(404, api.call("DELETE", ENTRIES + "/none", "{\"x\":1}").status());
        assertEquals(200, api.get("/v1/namespaces").status());
    }

    @Test
    void unknownPathsAndMethods_areTold() {
        assertCode("ROUTE_NOT_FOUND", 404, api.get("/nope"));
        assertCode("ROUTE_NOT_FOUND", 404, api.get("/"));
        assertCode("ROUTE_NOT_FOUND", 404, api.get("/v1/namespaces/"));
        assertCode("ROUTE_NOT_FOUND", 404, api.get("//v1/namespaces"));
        assertCode("ROUTE_NOT_FOUND", 404, api.get("/V1/namespaces"));
        Reply reply = api.call("PATCH", "/v1/namespaces/ns", "{}");
        assertCode("METHOD_NOT_ALLOWED", 405, reply);
        assertEquals("DELETE, GET, HEAD, OPTIONS", reply.header("allow"));
        assertCode("METHOD_NOT_ALLOWED", 405, api.post(ENTRIES + "/k", "{}"));
        assertCode("METHOD_NOT_ALLOWED", 405, api.call("BREW", "/health", null));
        assertEquals(405, api.call("TRACE", "/health", null).status());
        assertEquals(
                200,
                api.get("/v1/namespaces/ns", "X-HTTP-Method-Override: DELETE").status());
        assertEquals(200, api.get("/v1/namespaces/ns").status());
    }

    @Test
    void head_answersAsGetWithoutTheBody() {
        Reply get = api.get("/v1/namespaces/ns");
        Reply head = api.call("HEAD", "/v1/namespaces/ns", null);
        assertEquals(200, head.status());
        assertEquals(get.header("content-length"), head.header("content-length"));
        assertEquals(get.header("content-type"), head.header("content-type"));
        assertEquals(404, api.call("HEAD", "/v1/namespaces/none", null).status());
        assertEquals(200, api.get("/health").status());
    }

    @Test
    void options_tellsTheMethods() {
        try (Api nobody = api.with(null)) {
            Reply reply = nobody.call("OPTIONS", "/v1/account/keys", null);
            assertEquals(200, reply.status());
            assertEquals("GET, HEAD, OPTIONS, POST", reply.header("allow"));
            assertEquals(404, nobody.call("OPTIONS", "/nope", null).status());
        }
    }

    @Test
    void health_answersAnybody() {
        try (Api nobody = api.with(null)) {
            Reply health = nobody.get("/health");
            assertEquals(200, health.status());
            assertEquals("ok", health.at("/status"));
            assertEquals("0.1.0", health.at("/version"));
            assertEquals(200, nobody.get("/livez").status());
            assertEquals(200, nobody.get("/readyz").status());
        }
    }

    @Test
    void health_is503WhenTheStoreIsDown() {
        Runnable down = () -> {
            throw new MemoryException(ErrorCode.UNAVAILABLE, "the disk is gone");
        };
        try (TestServer broken = TestServer.with().ping(down).start();
                Api nobody = broken.anybody()) {
            for (String path : List.of("/health", "/readyz")) {
                Reply reply = nobody.get(path);
                assertCode("UNAVAILABLE", 503, reply);
                assertTrue(Integer.parseInt(String.valueOf(reply.header("retry-after"))) >= 1);
                assertTrue(reply.text().indexOf("disk") < 0);
            }
            assertEquals(200, nobody.get("/livez").status());
        }
    }

    @Test
    void stripe_isNotThereWithoutBilling() {
        try (Api nobody = api.with(null)) {
            assertCode("NOT_FOUND", 404, nobody.post("/webhooks/stripe", "{}"));
        }
    }

    @Test
    void limits_areToldToWhoeverHasAKey() {
        Reply reply = api.get("/v1/limits");
        assertEquals(
                Limits.BODY_BYTES_MAX, reply.json().at("/limits/body_bytes").asInt());
        assertEquals(100, reply.json().at("/tiers/free/requests_per_minute").asInt());
        assertEquals(-1, reply.json().at("/tiers/team/entries").asInt());
        try (Api nobody = api.with(null)) {
            assertEquals(401, nobody.get("/v1/limits").status());
        }
    }

    @Test
    void answers_areNotCachedAndNameNoServer() {
        Reply reply = api.get("/v1/namespaces");
        assertEquals("no-store", reply.header("cache-control"));
        assertTrue(String.valueOf(reply.header("vary")).contains("Authorization"));
        assertNull(reply.header("server"));
    }

    private static void assertCode(String code, int status, Reply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(code, reply.at("/code"));
    }
}
