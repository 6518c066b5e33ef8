package dev.ctxmem.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryTextTest {
    @Test
    void aStringValueStandsUnderItsKey() {
        assertEquals("decision\nuse postgres", EntryText.of("decision", List.of(), Json.string("use postgres")));
    }

    @Test
    void jsonIsFlattenedToPathsAndValues() {
        Json value = Json.parse("{\"db\":{\"name\":\"pg\",\"ports\":[5432,6432]},\"ok\":true,\"none\":null}");
        assertEquals(
                "k (a, b)\ndb.name: pg\ndb.ports: 5432\ndb.ports: 6432\nok: true\nnone: null",
                EntryText.of("k", List.of("a", "b"), value));
    }
}
