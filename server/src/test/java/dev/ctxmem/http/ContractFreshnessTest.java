package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What writes tell of revisions, and what reads may ask of them.
class ContractFreshnessTest {
    private static final String ENTRY = "/v1/namespaces/ns/entries/k";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    private static String revision(Reply reply) {
        return reply.header("account-revision");
    }

    @Test
    void everyWrite_tellsTheNextRevision() {
        assertEquals("1", revision(api.put(ENTRY, "{\"value\":1}")));
        assertEquals("2", revision(api.post("/v1/namespaces/ns/entries", "{\"key\":\"k\",\"value\":2}")));
        assertNull(revision(api.get(ENTRY)));
        assertEquals("3", revision(api.delete(ENTRY)));
        assertEquals("4", revision(api.delete("/v1/namespaces/ns")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consistency=eventual",
                "consistency=strong",
                "min_revision=0",
                "min_revision=1",
                "min_revision=999999999999999999",
                "consistency=eventual&min_revision=1"
            })
    void whereThereIsOneStore_everyReadIsFresh(String asked) {
        api.put(ENTRY, "{\"value\":1}");
        assertEquals(200, api.get(ENTRY + "?" + asked).status());
        assertEquals(200, api.get(ENTRY + "/history?" + asked).status());
        assertEquals(200, api.get("/v1/namespaces/ns/entries?" + asked).status());
        for (String path : new String[] {"/v1/search", "/v1/search/text", "/v1/namespaces/ns/entries/search"}) {
            assertEquals(200, api.post(path + "?" + asked, "{\"query\":\"k\"}").status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consistency=",
                "consistency=Eventual",
                "consistency=strong&consistency=eventual",
                "min_revision=",
                "min_revision=-1",
                "min_revision=x",
                "min_revision=9999999999999999999"
            })
    void whatNobodyCanMean_isRefused(String asked) {
        assertEquals(422, api.get(ENTRY + "?" + asked).status());
    }
}
