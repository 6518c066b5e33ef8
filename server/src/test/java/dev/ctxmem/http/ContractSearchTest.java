package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Search, row by row. Without an embedder it goes by words, in the same shapes.
class ContractSearchTest {
    private static final String ENTRIES = "/v1/namespaces/ns/entries";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @BeforeEach
    void write() {
        api.put(ENTRIES + "/database", "{\"value\":\"use postgres for the database\",\"tags\":[\"storage\"]}");
        api.put(ENTRIES + "/greeting", "{\"value\":\"say hello\"}");
        api.post("/v1/namespaces", "{\"slug\":\"other\"}");
        api.put("/v1/namespaces/other/entries/cache", "{\"value\":\"use redis for the cache of the database\"}");
    }

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void search_findsTheFrontPageExampleAtTheDefaultThreshold() {
        Reply reply = search("{\"query\":\"what database should I use\",\"namespace\":\"ns\"}");
        JsonNode first = reply.json().at("/results/0");
        assertEquals("use postgres for the database", first.at("/value").asString());
        assertTrue(first.at("/similarity").asDouble() >= 0.7);
        assertEquals("what database should I use", reply.at("/query"));
        assertEquals(
                reply.json().at("/results").size(), reply.json().at("/count").asInt());
        assertTrue(first.at("/score").isMissingNode());
        assertTrue(first.at("/explanation").isMissingNode());
    }

    @Test
    void search_keepsToNamespaceTagsThresholdAndLimit() {
        assertEquals(
                List.of("cache"), keys(search("{\"query\":\"database\",\"namespace\":\"other\",\"threshold\":0}")));
        assertEquals(
                List.of("database"), keys(search("{\"query\":\"database\",\"tags\":[\"storage\"],\"threshold\":0}")));
        assertEquals(
                2,
                search("{\"query\":\"database\",\"namespace\":null,\"threshold\":0}")
                        .json()
                        .at("/count")
                        .asInt());
        assertEquals(
                1,
                search("{\"query\":\"database\",\"threshold\":0,\"limit\":1}")
                        .json()
                        .at("/count")
                        .asInt());
        assertEquals(0, search("{\"query\":\"zebra\"}").json().at("/count").asInt());
        assertEquals(
                404,
                search("{\"query\":\"database\",\"namespace\":\"missing\"}").status());
        assertEquals(
                404,
                search("{\"query\":\"database\",\"namespace\":\"NO SLUG\"}").status());
    }

    @Test
    void search_explainsItself() {
        JsonNode result = search("{\"query\":\"postgres\",\"explain\":true,\"threshold\":0}")
                .json()
                .at("/results/0");
        assertTrue(result.at("/explanation/bias").isNumber());
        assertFalse(result.at("/explanation/factors").isEmpty());
    }

    @Test
    void searchOfANamespace_hasScoresAndItsOwnNames() {
        Reply reply = api.post(
                ENTRIES + "/search",
                "{\"query\":\"postgres database\",\"min_score\":0.1,\"context_tags\":[\"storage\"],\"limit\":5}");
        assertEquals(200, reply.status());
        assertEquals(List.of("database"), keys(reply));
        JsonNode result = reply.json().at("/results/0");
        assertEquals(result.at("/similarity").asDouble(), result.at("/score").asDouble());
        assertEquals(
                0,
                api.post(ENTRIES + "/search", "{\"query\":\"hello\",\"min_score\":1}")
                        .json()
                        .at("/count")
                        .asInt());
        assertEquals(
                List.of(),
                keys(api.post(ENTRIES + "/search", "{\"query\":\"hello\",\"tags\":[\"storage\"],\"threshold\":0}")));
        assertEquals(
                404,
                api.post("/v1/namespaces/missing/entries/search", "{\"query\":\"x\"}")
                        .status());
    }

    @Test
    void textSearch_putsTheEntryWhoseKeyEqualsTheQueryFirst() {
        for (int i = 0; i < 20; i++) {
            api.put(ENTRIES + "/config-" + i, "{\"value\":\"config config config theme config\"}");
        }
        api.put(ENTRIES + "/config", "{\"value\":7}");
        Reply reply = api.post("/v1/search/text", "{\"query\":\"config\",\"namespace\":\"ns\",\"limit\":1}");
        assertEquals(List.of("config"), keys(reply));
        assertTrue(reply.json().at("/results/0/similarity").isNumber());
    }

    @Test
    void textSearch_matchesKeyAndValue() {
        assertEquals(List.of("greeting"), keys(text("{\"query\":\"greeting\"}")));
        assertEquals(List.of("greeting"), keys(text("{\"query\":\"hello\"}")));
        assertEquals(List.of("cache"), keys(text("{\"query\":\"redis\",\"namespace\":\"other\"}")));
        assertEquals(List.of(), keys(text("{\"query\":\"redis\",\"namespace\":\"ns\"}")));
    }

    @Test
    void wrongFields_arePointedAt() {
        List.of(
                        List.of("{}", "/query"),
                        List.of("{\"query\":\"\"}", "/query"),
                        List.of("{\"query\":7}", "/query"),
                        List.of("{\"query\":\"" + "q".repeat(4097) + "\"}", "/query"),
                        List.of("{\"query\":\"q\",\"limit\":0}", "/limit"),
                        List.of("{\"query\":\"q\",\"limit\":101}", "/limit"),
                        List.of("{\"query\":\"q\",\"limit\":1e300}", "/limit"),
                        List.of("{\"query\":\"q\",\"limit\":\"5\"}", "/limit"),
                        List.of("{\"query\":\"q\",\"threshold\":1.1}", "/threshold"),
                        List.of("{\"query\":\"q\",\"threshold\":\"0.7\"}", "/threshold"),
                        List.of("{\"query\":\"q\",\"tags\":{}}", "/tags"),
                        List.of("{\"query\":\"q\",\"explain\":1}", "/explain"),
                        List.of("{\"query\":\"q\",\"namespace\":[]}", "/namespace"))
                .forEach(row -> {
                    Reply reply = search(row.get(0));
                    assertEquals(422, reply.status(), row::toString);
                    assertEquals(row.get(1), reply.at("/errors/0/pointer"), row::toString);
                });
    }

    @Test
    void operators_areOnlyText() {
        for (String query :
                List.of("\\\"", "*", "/(a+)+$/", "~1000", "[* TO *]", "a AND (", "foo \\\"bar", "a:b", "\\\\")) {
            assertEquals(200, search("{\"query\":\"" + query + "\"}").status(), query);
            assertEquals(200, text("{\"query\":\"" + query + "\"}").status(), query);
        }
    }

    private Reply search(String body) {
        return api.post("/v1/search", body);
    }

    private Reply text(String body) {
        return api.post("/v1/search/text", body);
    }

    private static List<String> keys(Reply reply) {
        assertEquals(200, reply.status(), reply::toString);
        return reply.json()
                .at("/results")
                .valueStream()
                .map(result -> result.at("/key").asString())
                .toList();
    }
}
