package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Entries, row by row.
class ContractEntriesTest {
    private static final String ENTRIES = "/v1/namespaces/ns/entries";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void post_createsThenReplaces() {
        Reply created = api.post(
                ENTRIES,
                "{\"key\":\"k\",\"value\":{\"a\":1},\"tags\":[\"x\",\"y\"],\"ttl_seconds\":60,\"importance\":0.9,\"metadata\":{\"m\":true}}");
        assertEquals(201, created.status());
        assertEquals("k", created.at("/key"));
        assertEquals("ns", created.at("/namespace"));
        assertEquals("{\"a\":1}", created.json().at("/value").toString());
        assertEquals("[\"x\",\"y\"]", created.json().at("/tags").toString());
        assertEquals("{\"m\":true}", created.json().at("/metadata").toString());
        assertEquals(0.9, created.json().at("/importance").asDouble());
        assertEquals(60, created.json().at("/ttl_seconds").asInt());
        assertEquals(1, created.json().at("/version").asInt());
        assertEquals("ready", created.at("/embedding"));

        Reply replaced = api.post(ENTRIES, "{\"key\":\"k\",\"value\":2}");
        assertEquals(200, replaced.status());
        assertEquals(created.at("/id"), replaced.at("/id"));
        assertEquals(created.at("/created_at"), replaced.at("/created_at"));
        assertEquals(2, replaced.json().at("/version").asInt());
        assertEquals("[]", replaced.json().at("/tags").toString());
        assertEquals(0.5, replaced.json().at("/importance").asDouble());
        assertEquals(replaced.text(), api.get(ENTRIES + "/k").text());
    }

    @Test
    void put_takesTheKeyOfThePath() {
        assertEquals(
                201, api.put(ENTRIES + "/k", "{\"value\":1,\"key\":\"other\"}").status());
        assertEquals(200, api.put(ENTRIES + "/k", "{\"value\":2}").status());
        assertEquals(404, api.get(ENTRIES + "/other").status());
    }

    @Test
    void everyValue_comesBackEqual() {
        for (String value : List.of(
                "null",
                "0",
                "\"\"",
                "false",
                "true",
                "[]",
                "{}",
                "-0",
                "1.0",
                "1e2",
                "12345678901234567890.5",
                "\"\\u2028 \\ud83d\\ude00 \\\"\"",
                "[null,[{}]]")) {
            Reply written = api.put(ENTRIES + "/v", "{\"value\":" + value + "}");
            assertTrue(written.status() < 300, written::toString);
            assertTrue(api.get(ENTRIES + "/v").text().contains("\"value\":" + read(value)), value);
        }
    }

    private static String read(String value) {
        return value.startsWith("\"\\u2028") ? "\"" : value;
    }

    @Test
    void value_mustBeThere() {
        assertPointer("/value", api.put(ENTRIES + "/k", "{}"));
        assertPointer("/key", api.post(ENTRIES, "{\"value\":1}"));
        assertEquals(201, api.put(ENTRIES + "/k", "{\"value\":null}").status());
    }

    @Test
    void everyWrongField_isPointedAt() {
        List.of(
                        List.of("\"tags\":\"x\"", "/tags"),
                        List.of("\"tags\":[1]", "/tags"),
                        List.of("\"tags\":[\"\"]", "/tags/0"),
                        List.of("\"tags\":[\"" + "t".repeat(65) + "\"]", "/tags/0"),
                        List.of("\"metadata\":[]", "/metadata"),
                        List.of("\"metadata\":\"m\"", "/metadata"),
                        List.of("\"importance\":\"high\"", "/importance"),
                        List.of("\"importance\":1.01", "/importance"),
                        List.of("\"importance\":-0.1", "/importance"),
                        List.of("\"ttl_seconds\":0", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":-1", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":1.5", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":\"60\"", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":315360001", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":1e18", "/ttl_seconds"),
                        List.of("\"ttl_seconds\":1e300", "/ttl_seconds"),
                        List.of("\"ttl\":true", "/ttl"))
                .forEach(row -> assertPointer(row.get(1), api.put(ENTRIES + "/k", "{\"value\":1," + row.get(0) + "}")));
        assertEquals(
                201,
                api.put(ENTRIES + "/k", "{\"value\":1,\"ttl_seconds\":3.1536e8,\"importance\":1}")
                        .status());
    }

    @Test
    void fieldsOfTheServer_neverTakeEffect() {
        Reply reply = api.post(
                ENTRIES,
                "{\"key\":\"k\",\"value\":1,\"id\":\"00000000-0000-7000-8000-000000000000\",\"version\":9,\"account_id\":\"x\","
                        + "\"namespace\":\"other\",\"created_at\":\"2001-01-01T00:00:00.000Z\",\"embedding\":\"failed\",\"nonsense\":{}}");
        assertEquals(201, reply.status());
        assertNotEquals("00000000-0000-7000-8000-000000000000", reply.at("/id"));
        assertEquals(1, reply.json().at("/version").asInt());
        assertEquals("ns", reply.at("/namespace"));
        assertNotEquals("2001-01-01T00:00:00.000Z", reply.at("/created_at"));
        assertEquals("ready", reply.at("/embedding"));
    }

    @Test
    void ttl_isExactAndCountsFromTheWriteThatSetIt() {
        api.put(ENTRIES + "/k", "{\"value\":1,\"ttl\":100}");
        server.clock().advance(Duration.ofSeconds(60));
        Reply kept = api.put(ENTRIES + "/k", "{\"value\":2}");
        assertEquals(100, kept.json().at("/ttl_seconds").asInt());
        server.clock().advance(Duration.ofSeconds(39));
        assertEquals(200, api.get(ENTRIES + "/k").status());
        server.clock().advance(Duration.ofSeconds(1));
        assertEquals(404, api.get(ENTRIES + "/k").status());
        assertEquals("[]", api.get(ENTRIES).json().at("/entries").toString());
        assertEquals(404, api.get(ENTRIES + "/k/history").status());
        assertEquals(
                0,
                api.post("/v1/search/text", "{\"query\":\"k\"}")
                        .json()
                        .at("/count")
                        .asInt());
        assertEquals(404, api.delete(ENTRIES + "/k").status());
    }

    @Test
    void ttl_isRemovedByNullAndSetAnew() {
        api.put(ENTRIES + "/k", "{\"value\":1,\"ttl_seconds\":10}");
        Reply never = api.put(ENTRIES + "/k", "{\"value\":1,\"ttl_seconds\":null}");
        assertTrue(never.json().at("/ttl_seconds").isNull());
        assertTrue(never.json().at("/expires_at").isNull());
        Reply anew = api.put(ENTRIES + "/k", "{\"value\":1,\"ttl\":20,\"ttl_seconds\":30}");
        assertEquals(30, anew.json().at("/ttl_seconds").asInt());
        server.clock().advance(Duration.ofSeconds(29));
        assertEquals(200, api.get(ENTRIES + "/k").status());
    }

    @Test
    void list_isNewestUpdateFirstAndPaged() {
        IntStream.range(0, 5).forEach(i -> api.put(ENTRIES + "/k" + i, "{\"value\":" + i + "}"));
        api.put(ENTRIES + "/k1", "{\"value\":11}");
        Reply first = api.get(ENTRIES + "?limit=3");
        assertEquals("[\"k1\",\"k4\",\"k3\"]", keys(first));
        Reply second = api.get(ENTRIES + "?limit=3&cursor=" + first.at("/next_cursor"));
        assertEquals("[\"k2\",\"k0\"]", keys(second));
        assertTrue(second.json().at("/next_cursor").isNull());
    }

    @Test
    void list_filtersByEveryTag() {
        api.put(ENTRIES + "/a", "{\"value\":1,\"tags\":[\"x\",\"y z\"]}");
        api.put(ENTRIES + "/b", "{\"value\":1,\"tags\":[\"x\"]}");
        assertEquals("[\"b\",\"a\"]", keys(api.get(ENTRIES + "?tag=x")));
        assertEquals("[\"a\"]", keys(api.get(ENTRIES + "?tag=x&tag=y+z")));
        assertEquals("[\"a\"]", keys(api.get(ENTRIES + "?tag=y%20z&unknown=1")));
        assertEquals("[]", keys(api.get(ENTRIES + "?tag=none")));
    }

    @Test
    void list_refusesBadParameters() {
        for (String limit :
                List.of("0", "-1", "101", "abc", "", "1.5", "2147483648", "9223372036854775808", "%31%30x")) {
            assertPointer("/limit", api.get(ENTRIES + "?limit=" + limit));
        }
        assertPointer("/limit", api.get(ENTRIES + "?limit=1&limit=2"));
        assertPointer("/tag/0", api.get(ENTRIES + "?tag="));
        for (String cursor : List.of("x", "", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "c".repeat(600))) {
            Reply reply = api.get(ENTRIES + "?cursor=" + cursor);
            assertEquals(422, reply.status(), cursor);
            assertEquals("INVALID_CURSOR", reply.at("/code"));
        }
        assertEquals(400, api.get(ENTRIES + "?tag=%ff").status());
        assertEquals(400, api.get(ENTRIES + "?tag=%4").status());
    }

    @Test
    void cursor_ofAnotherListOrAccountIsGarbage() {
        IntStream.range(0, 3).forEach(i -> api.put(ENTRIES + "/k" + i, "{\"value\":1,\"tags\":[\"x\"]}"));
        String cursor = api.get(ENTRIES + "?limit=1").at("/next_cursor");
        assertEquals(422, api.get(ENTRIES + "?limit=1&tag=x&cursor=" + cursor).status());
        try (Api other = server.newcomerWithNamespace()) {
            assertEquals(422, other.get(ENTRIES + "?limit=1&cursor=" + cursor).status());
        }
    }

    @Test
    void delete_answersWithABodyByKeyOrById() {
        Reply one = api.put(ENTRIES + "/one", "{\"value\":1}");
        Reply two = api.put(ENTRIES + "/two", "{\"value\":1}");
        Reply byKey = api.delete(ENTRIES + "/one");
        assertEquals(200, byKey.status());
        assertEquals("{\"deleted\":true,\"id\":\"" + one.at("/id") + "\",\"key\":\"one\"}", byKey.text());
        Reply byId = api.delete(ENTRIES + "/" + two.at("/id"));
        assertEquals("two", byId.at("/key"));
        assertEquals(404, api.delete(ENTRIES + "/one").status());
    }

    @Test
    void delete_prefersAKeyToAnId() {
        Reply victim = api.put(ENTRIES + "/victim", "{\"value\":1}");
        api.put(ENTRIES + "/" + victim.at("/id"), "{\"value\":\"named like an id\"}");
        assertEquals(
                victim.at("/id"), api.delete(ENTRIES + "/" + victim.at("/id")).at("/key"));
        assertEquals(200, api.get(ENTRIES + "/victim").status());
    }

    @Test
    void history_isNewestFirstWithTheCurrentVersion() {
        api.put(ENTRIES + "/k", "{\"value\":1,\"tags\":[\"old\"]}", "X-Request-Id: first-write");
        api.put(ENTRIES + "/k", "{\"value\":2}");
        Reply history = api.get(ENTRIES + "/k/history");
        assertEquals(200, history.status());
        JsonNode versions = history.json().at("/history");
        assertEquals(2, versions.size());
        assertEquals(2, versions.at("/0/version").asInt());
        assertEquals(1, versions.at("/1/value").asInt());
        assertEquals("old", versions.at("/1/tags/0").asString());
        assertEquals("first-write", versions.at("/1/request_id").asString());
        Reply page = api.get(ENTRIES + "/k/history?limit=1");
        assertEquals(2, page.json().at("/history/0/version").asInt());
        assertEquals(
                1,
                api.get(ENTRIES + "/k/history?limit=1&cursor=" + page.at("/next_cursor"))
                        .json()
                        .at("/history/0/version")
                        .asInt());
        assertPointer("/limit", api.get(ENTRIES + "/k/history?limit=101"));
    }

    @Test
    void aMissingNamespace_is404() {
        String missing = "/v1/namespaces/missing/entries";
        assertEquals(404, api.post(missing, "{\"key\":\"k\",\"value\":1}").status());
        assertEquals(404, api.put(missing + "/k", "{\"value\":1}").status());
        assertEquals(404, api.get(missing).status());
        assertEquals(404, api.delete(missing + "/k").status());
        assertEquals(404, api.get(missing + "/k/history").status());
    }

    private static String keys(Reply reply) {
        assertEquals(200, reply.status(), reply::toString);
        return reply.json()
                .at("/entries")
                .valueStream()
                .map(entry -> entry.at("/key").toString())
                .toList()
                .toString()
                .replace(", ", ",");
    }

    private static void assertPointer(String pointer, Reply reply) {
        assertEquals(422, reply.status(), reply::toString);
        assertEquals(pointer, reply.at("/errors/0/pointer"), reply::toString);
    }
}
