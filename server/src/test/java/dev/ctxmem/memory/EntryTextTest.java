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

    @Test
    void aKeyThatAMachineMadeIsNotEmbedded() {
        for (String key : List.of(
                "0198c2d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "507f1f77bcf86cd799439011",
                "2026-01-02T03:04:05Z",
                "msg_000123456789")) {
            assertEquals("use postgres", EntryText.toEmbed(key, List.of(), Json.string("use postgres")));
            assertEquals(key + "\nuse postgres", EntryText.of(key, List.of(), Json.string("use postgres")));
        }
        assertEquals(
                "(db, api)\nuse postgres",
                EntryText.toEmbed("507f1f77bcf86cd799439011", List.of("db", "api"), Json.string("use postgres")));
    }

    @Test
    void aKeyWithWordsIsEmbedded() {
        for (String key : List.of("decision", "auth/login-flow", "session_12", "k8s", "s3", "v2.1", "PROJ-123")) {
            assertEquals(key + "\nx", EntryText.toEmbed(key, List.of(), Json.string("x")));
        }
    }

    @Test
    void anEntryWithoutAnyOtherTextIsEmbeddedByItsKey() {
        String key = "507f1f77bcf86cd799439011";
        assertEquals(key + "\n", EntryText.toEmbed(key, List.of(), Json.string("")));
    }
}
