package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Principal;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as its handler sees it. `principal` and `memories` are there on every route that needs a key.
record Call(
        List<String> rawParts,
        Query query,
        byte[] body,
        Headers headers,
        String requestId,
        @Nullable Principal caller,
        @Nullable Memories verbs) {
    /// The decoded text of the template's hole number `index`.
    String part(int index) {
        return PercentEncoding.decodePath(rawParts.get(index));
    }

    Principal principal() {
        return require(caller);
    }

    Memories memories() {
        return require(verbs);
    }

    /// The value of a header; null when it is absent or there more than once.
    @Nullable
    String header(String name) {
        var header = HeaderNames.create(name);
        return headers.contains(header) && headers.get(header).valueCount() == 1
                ? headers.get(header).get()
                : null;
    }

    boolean hasBody() {
        return body.length > 0;
    }

    /// The members of the body. Throws what [Json#parseBody] throws, and INVALID_VALUE for what is not an
    /// object.
    Fields fields() {
        Json json = Json.parseBody(body);
        if (!json.isObject()) {
            throw new MemoryException(ErrorCode.INVALID_VALUE, "The body must be a JSON object.");
        }
        return new Fields(json.members());
    }

    static Fields noFields() {
        return new Fields(Map.of());
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("this route takes no key");
        }
        return part;
    }
}
