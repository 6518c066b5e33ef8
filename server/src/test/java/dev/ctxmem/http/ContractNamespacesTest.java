package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Namespaces, row by row.
class ContractNamespacesTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void namespace_isCreatedReadListedAndDeleted() {
        try (Api api = server.newcomer()) {
            Reply created =
                    api.post("/v1/namespaces", "{\"slug\":\"my-notes\",\"name\":\"Notes\",\"description\":\"Mine\"}");
            assertEquals(201, created.status());
            assertEquals("my-notes", created.at("/slug"));
            assertEquals("Notes", created.at("/name"));
            assertEquals("Mine", created.at("/description"));
            assertEquals(0, created.json().at("/entry_count").asInt());
            assertEquals(created.text(), api.get("/v1/namespaces/my-notes").text());
            assertEquals(created.json(), api.get("/v1/namespaces").json().at("/namespaces/0"));
            Reply deleted = api.delete("/v1/namespaces/my-notes");
            assertEquals(200, deleted.status());
            assertEquals("{\"deleted\":true,\"slug\":\"my-notes\"}", deleted.text());
            assertEquals(404, api.get("/v1/namespaces/my-notes").status());
        }
    }

    @Test
    void namespace_isNamedAfterItsSlugByDefault() {
        try (Api api = server.newcomer()) {
            Reply created = api.post("/v1/namespaces", "{\"slug\":\"n\",\"name\":null}");
            assertEquals("n", created.at("/name"));
            assertTrue(created.json().at("/description").isNull());
        }
    }

    @Test
    void slug_isTakenOnce() {
        try (Api api = server.newcomerWithNamespace()) {
            Reply reply = api.post("/v1/namespaces", "{\"slug\":\"ns\"}");
            assertEquals(409, reply.status());
            assertEquals("ALREADY_EXISTS", reply.at("/code"));
        }
    }

    @Test
    void slug_hasOneForm() {
        try (Api api = server.newcomer()) {
            for (String slug : List.of("", "A", "a--b", "-a", "a-", "a_b", "a/b", "a".repeat(101))) {
                Reply reply = api.post("/v1/namespaces", "{\"slug\":\"" + slug + "\"}");
                assertEquals(422, reply.status(), slug);
                assertEquals("/slug", reply.at("/errors/0/pointer"));
            }
            assertEquals(422, api.post("/v1/namespaces", "{}").status());
            assertEquals(422, api.post("/v1/namespaces", "{\"slug\":7}").status());
            assertEquals(
                    201,
                    api.post("/v1/namespaces", "{\"slug\":\"" + "a".repeat(100) + "\"}")
                            .status());
        }
    }

    @Test
    void entriesGoWithTheirNamespace() {
        try (Api api = server.newcomerWithNamespace()) {
            api.put("/v1/namespaces/ns/entries/k", "{\"value\":1}");
            assertEquals(
                    1, api.get("/v1/namespaces/ns").json().at("/entry_count").asInt());
            api.delete("/v1/namespaces/ns");
            api.post("/v1/namespaces", "{\"slug\":\"ns\"}");
            assertEquals(404, api.get("/v1/namespaces/ns/entries/k").status());
        }
    }

    @Test
    void anotherAccountsNamespace_isNotThere() {
        try (Api api = server.newcomerWithNamespace();
                Api other = server.newcomer()) {
            api.put("/v1/namespaces/ns/entries/k", "{\"value\":1}");
            for (String path :
                    List.of("/v1/namespaces/%s", "/v1/namespaces/%s/entries", "/v1/namespaces/%s/entries/k")) {
                Reply foreign = other.get(path.formatted("ns"));
                Reply missing = other.get(path.formatted("missing"));
                assertEquals(404, foreign.status());
                assertEquals(missing.at("/detail"), foreign.at("/detail"));
            }
        }
    }
}
