package dev.ctxmem.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void writesMembersWithTheirCommas() {
        String text = new JsonWriter()
                .beginObject()
                .member("a", "x\"{")
                .member("b", 1.5)
                .member("c", 2.0)
                .member("d", true)
                .member("e", (String) null)
                .member("f", List.of("p", "q"))
                .member("g", Json.parse("{\"raw\":1.0}"))
                .member("h", Instant.parse("2026-01-02T03:04:05.678901Z"))
                .name("i")
                .beginArray()
                .beginObject()
                .endObject()
                .value(3)
                .endArray()
                .endObject()
                .toString();
        assertEquals(
                "{\"a\":\"x\\\"{\",\"b\":1.5,\"c\":2,\"d\":true,\"e\":null,\"f\":[\"p\",\"q\"],\"g\":{\"raw\":1.0},"
                        + "\"h\":\"2026-01-02T03:04:05.678Z\",\"i\":[{},3]}",
                text);
    }

    @Test
    void timesHaveExactlyThreeDecimals() {
        assertEquals("2026-01-02T03:04:05.000Z", Rfc3339.format(Instant.parse("2026-01-02T03:04:05Z")));
        assertEquals("2036-12-31T23:59:59.999Z", Rfc3339.format(Instant.parse("2036-12-31T23:59:59.999999999Z")));
    }
}
