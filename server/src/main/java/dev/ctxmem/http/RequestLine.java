package dev.ctxmem.http;

import dev.ctxmem.core.JsonWriter;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the access log says about one request. `route` is the template of the path, never the path: keys and
/// slugs are the caller's own. `account` and `key` are ids, null where nobody was authenticated.
public record RequestLine(
        Instant at,
        String requestId,
        String method,
        String route,
        int status,
        long micros,
        long bytes,
        String client,
        @Nullable UUID account,
        @Nullable UUID key) {
    /// One JSON object on one line.
    public String json() {
        return new JsonWriter()
                .beginObject()
                .member("time", at)
                .member("request_id", requestId)
                .member("method", method)
                .member("route", route)
                .member("status", status)
                .member("micros", micros)
                .member("bytes", bytes)
                .member("client", client)
                .member("account", account == null ? null : account.toString())
                .member("key", key == null ? null : key.toString())
                .endObject()
                .toString();
    }

    /// One line for a person.
    public String text() {
        return method + " " + route + " " + status + " " + micros / 1000 + "." + micros % 1000 / 100 + " ms "
                + requestId;
    }
}
