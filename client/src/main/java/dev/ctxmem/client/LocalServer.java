package dev.ctxmem.client;

import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A server on this machine, a key of the user's own to it, and the key of its operator, as the server tells
/// them; `pid` is its process. A server that shares its store with others has no key for the user.
public record LocalServer(URI url, @Nullable String apiKey, String operatorKey, long pid) {
    static LocalServer parse(byte[] json) {
        Fields in = Fields.of(Json.parseBody(json));
        return new LocalServer(
                URI.create(in.string("url")), in.optionalString("api_key"), in.string("operator_key"), in.whole("pid"));
    }

    byte[] toJson() {
        return new JsonWriter()
                .beginObject()
                .member("url", url.toString())
                .member("api_key", apiKey)
                .member("operator_key", operatorKey)
                .member("pid", pid)
                .endObject()
                .toUtf8();
    }

    /// Never prints the key.
    @Override
    public String toString() {
        return "LocalServer[" + url + ", pid " + pid + "]";
    }
}
