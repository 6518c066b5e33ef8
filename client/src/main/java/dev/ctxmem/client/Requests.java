package dev.ctxmem.client;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import dev.ctxmem.core.TimeToLive;
import org.jspecify.annotations.Nullable;

/// The bodies of the requests. Members that the caller left open are left out.
final class Requests {
    private Requests() {}

    static JsonWriter signup(NewAccount account) {
        var out = new JsonWriter().beginObject().member("email", account.email());
        return optional(out, "name", account.name()).endObject();
    }

    static JsonWriter namespace(NewNamespace namespace) {
        var out =
                new JsonWriter().beginObject().member("slug", namespace.slug()).member("name", namespace.name());
        return optional(out, "description", namespace.description()).endObject();
    }

    static JsonWriter entry(EntryDraft draft) {
        var out = new JsonWriter()
                .beginObject()
                .member("key", draft.key())
                .member("value", draft.value())
                .member("tags", draft.tags())
                .member("metadata", draft.metadata())
                .member("importance", draft.importance());
        return switch (draft.timeToLive()) {
            case TimeToLive.Keep() -> out.endObject();
            case TimeToLive.Never() -> out.member("ttl_seconds", Json.NULL).endObject();
            case TimeToLive.Seconds(long seconds) ->
                out.member("ttl_seconds", seconds).endObject();
        };
    }

    static JsonWriter search(SearchQuery query) {
        var out = new JsonWriter().beginObject().member("query", query.query());
        return optional(out, "namespace", query.namespace())
                .member("limit", query.limit())
                .member("threshold", query.threshold())
                .member("tags", query.tags())
                .member("explain", query.explain())
                .endObject();
    }

    static JsonWriter searchText(TextQuery query) {
        var out = new JsonWriter().beginObject().member("query", query.query());
        return optional(out, "namespace", query.namespace())
                .member("limit", query.limit())
                .endObject();
    }

    static JsonWriter key(NewKey key) {
        var out = new JsonWriter()
                .beginObject()
                .member("name", key.name())
                .member(
                        "scopes",
                        key.scopes().stream().map(Scope::wireName).sorted().toList())
                .member("namespaces", key.namespaces().stream().sorted().toList());
        if (key.rateLimit() != null) {
            out.member("rate_limit", key.rateLimit());
        }
        if (key.expiresAt() != null) {
            out.member("expires_at", key.expiresAt());
        }
        return out.endObject();
    }

    private static JsonWriter optional(JsonWriter out, String name, @Nullable String string) {
        return string == null ? out : out.member(name, string);
    }
}
