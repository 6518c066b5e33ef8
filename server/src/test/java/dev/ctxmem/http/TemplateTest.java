package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private final Template entry = new Template("/v1/namespaces/{ns}/entries/{key}");
    private final Template history = new Template("/v1/namespaces/{ns}/entries/{key}/history");

    @Test
    void literals_matchExactly() {
        var template = new Template("/v1/search");
        assertEquals(List.of(), template.match("/v1/search"));
        for (String other : List.of(
                "", "/", "v1/search", "/v1", "/v1/search/", "/v1/search/text", "/v1/searching", "/v1//search")) {
            assertNull(template.match(other), other);
        }
    }

    @Test
    void aHole_takesOneSegmentThatIsNotEmpty() {
        var template = new Template("/v1/namespaces/{slug}");
        assertEquals(List.of("a%2Fb;c"), template.match("/v1/namespaces/a%2Fb;c"));
        assertNull(template.match("/v1/namespaces/"));
        assertNull(template.match("/v1/namespaces/a/"));
        assertNull(template.match("/v1/namespaces//"));
    }

    @Test
    void aKey_takesAllThatFollows() {
        assertEquals(List.of("ns", "a/b//c/"), entry.match("/v1/namespaces/ns/entries/a/b//c/"));
        assertEquals(List.of("ns", "/"), entry.match("/v1/namespaces/ns/entries//"));
        assertNull(entry.match("/v1/namespaces/ns/entries/"));
        assertNull(entry.match("/v1/namespaces/ns/entries"));
        assertNull(entry.match("/v1/namespaces//entries/k"));
    }

    @Test
    void aSuffix_isCutOffARealKeyAlone() {
        assertEquals(List.of("ns", "a/b"), history.match("/v1/namespaces/ns/entries/a/b/history"));
        assertEquals(List.of("ns", "a/history"), history.match("/v1/namespaces/ns/entries/a/history/history"));
        assertNull(history.match("/v1/namespaces/ns/entries/history"));
        assertNull(history.match("/v1/namespaces/ns/entries//history"));
        assertNull(history.match("/v1/namespaces/ns/entries/a%2Fhistory"));
    }
}
