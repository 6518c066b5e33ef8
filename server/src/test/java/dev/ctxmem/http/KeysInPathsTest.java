package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Entry keys in paths: as the command line of old sends them, raw, and as a careful client does, encoded.
class KeysInPathsTest {
    private static final String ENTRIES = "/v1/namespaces/ns/entries";

    private final TestServer server = TestServer.start();
    private final Api api = server.newcomerWithNamespace();

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void slashes_workRawAndEncodedOnEveryRoute() {
        api.put(ENTRIES + "/notes/2026/plan", "{\"value\":1}");
        for (String path : List.of("/notes/2026/plan", "/notes%2F2026%2fplan", "/notes%2F2026/plan")) {
            assertEquals("notes/2026/plan", api.get(ENTRIES + path).at("/key"));
            assertEquals(200, api.put(ENTRIES + path, "{\"value\":2}").status());
            assertEquals(200, api.get(ENTRIES + path + "/history").status());
        }
        assertEquals(200, api.delete(ENTRIES + "/notes/2026/plan").status());
        api.put(ENTRIES + "/notes/2026/plan", "{\"value\":1}");
        assertEquals(200, api.delete(ENTRIES + "/notes%2F2026%2Fplan").status());
    }

    @Test
    void nothing_isCollapsedResolvedOrCut() {
        assertKey("//abs//path/", "/abs//path/");
        assertKey("/a/../b", "a/../b");
        assertKey("/a/./b", "a/./b");
        assertKey("/..%2F..%2Fetc", "../../etc");
        assertKey("/a;x=1;y", "a;x=1;y");
        assertKey("/a+b", "a+b");
        assertKey("/a%20b", "a b");
        assertKey("/%252F", "%2F");
        assertKey("/[x]|y^z`\"<>{}\\", "[x]|y^z`\"<>{}\\");
        assertKey("/a&b=c,d:e@f!$'()*", "a&b=c,d:e@f!$'()*");
        assertKey("/%C3%A4%F0%9F%98%80", "\u00e4\ud83d\ude00");
        assertKey("/a%3Fb%23c", "a?b#c");
    }

    @Test
    void spellings_areDifferentKeys() {
        assertKey("/%C3%A9", "\u00e9");
        assertEquals(404, api.get(ENTRIES + "/e%CC%81").status());
    }

    @Test
    void history_winsForRawSlashesAndIsPartOfTheKeyEncoded() {
        api.put(ENTRIES + "/a", "{\"value\":\"a\"}");
        api.post(ENTRIES, "{\"key\":\"a/history\",\"value\":\"b\"}");
        assertEquals("a", api.get(ENTRIES + "/a/history").at("/history/0/value"));
        assertEquals("b", api.get(ENTRIES + "/a%2Fhistory").at("/value"));
        assertEquals("b", api.get(ENTRIES + "/a%2Fhistory/history").at("/history/0/value"));
        assertEquals("b", api.get(ENTRIES + "/a/history/history").at("/history/0/value"));
        assertEquals("a/history", api.delete(ENTRIES + "/a/history").at("/key"));
        assertKey("/history", "history");
        assertKey("//history", "/history");
    }

    @Test
    void search_isARouteForPostAlone() {
        assertEquals(
                201,
                api.put(ENTRIES + "/search", "{\"value\":\"a key like any other\"}")
                        .status());
        assertEquals("search", api.get(ENTRIES + "/search").at("/key"));
        assertEquals(200, api.post(ENTRIES + "/search", "{\"query\":\"key\"}").status());
        assertEquals("search", api.delete(ENTRIES + "/search").at("/key"));
    }

    @Test
    void malformedEncoding_is400() {
        for (String key :
                List.of("%", "%4", "%zz", "%ff", "%C3", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "\u00e4", "a%")) {
            Reply reply = api.get(ENTRIES + "/" + key);
            assertEquals(400, reply.status(), key);
            assertEquals("MALFORMED_ENCODING", reply.at("/code"));
        }
    }

    @Test
    void whatIsNoKey_is422OnWrite() {
        for (String key :
                List.of(".", "..", "%00", "%0A", "%7F", "%C2%85", "k".repeat(501), "%F0%9F%98%80".repeat(501))) {
            Reply reply = api.put(ENTRIES + "/" + key, "{\"value\":1}");
            assertEquals(422, reply.status(), key);
            assertEquals("INVALID_KEY", reply.at("/code"));
            assertEquals(404, api.get(ENTRIES + "/" + key).status(), key);
        }
        assertEquals(422, api.post(ENTRIES, "{\"key\":\"\",\"value\":1}").status());
        assertEquals(422, api.post(ENTRIES, "{\"key\":7,\"value\":1}").status());
        assertKey("/" + "%F0%9F%98%80".repeat(500), "\ud83d\ude00".repeat(500));
    }

    private void assertKey(String path, String key) {
        Reply written = api.put(ENTRIES + path, "{\"value\":1}");
        assertEquals(201, written.status(), written::toString);
        assertEquals(key, written.at("/key"));
        assertEquals(key, api.get(ENTRIES + path).at("/key"));
        assertEquals(key, api.delete(ENTRIES + path).at("/key"));
    }
}
