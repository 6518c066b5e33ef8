package dev.ctxmem.http;

import dev.ctxmem.core.JsonWriter;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What goes back to the caller.
record Answer(int status, Header contentType, byte[] body, List<Header> headers) {
    private static final HeaderName REVISION = HeaderNames.create("Account-Revision");

    static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    static final Header PROBLEM = HeaderValues.createCached("Content-Type", "application/problem+json");

    static Answer ok(JsonWriter json) {
        return new Answer(200, JSON, json.toUtf8(), List.of());
    }

    static Answer created(JsonWriter json) {
        return new Answer(201, JSON, json.toUtf8(), List.of());
    }

    static Answer text(String contentType, String text) {
        return new Answer(
                200,
                HeaderValues.create("Content-Type", contentType),
                text.getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    /// The answer to a write: with the account's revision that it made.
    Answer at(long revision) {
        return with(HeaderValues.create(REVISION, revision));
    }

    Answer with(Header header) {
        var all = new ArrayList<>(headers);
        all.add(header);
        return new Answer(status, contentType, body, List.copyOf(all));
    }
}
