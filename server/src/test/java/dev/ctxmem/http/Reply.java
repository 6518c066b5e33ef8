package dev.ctxmem.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An answer as it came over the wire. Names of headers are in lower case.
record Reply(int status, Map<String, String> headers, byte[] body) {
    private static final JsonMapper MAPPER = new JsonMapper();

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return MAPPER.readTree(body);
    }

    /// The value at a JSON pointer, as text.
    String at(String pointer) {
        return json().at(pointer).asString();
    }

    boolean isProblem() {
        return "application/problem+json".equals(headers.get("content-type"));
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + text();
    }
}
