package dev.ctxmem.http;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.AccountUsage;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchResults;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The JSON of every record that leaves the server, each written by one method.
final class Wire {
    private Wire() {}

    static JsonWriter namespace(JsonWriter json, Namespace namespace) {
        return json.beginObject()
                .member("id", namespace.id().toString())
                .member("slug", namespace.slug())
                .member("name", namespace.name())
                .member("description", namespace.description())
                .member("entry_count", namespace.entryCount())
                .member("created_at", namespace.createdAt())
                .member("updated_at", namespace.updatedAt())
                .endObject();
    }

    static JsonWriter entry(JsonWriter json, Entry entry) {
        return entryMembers(json.beginObject(), entry).endObject();
    }

    static JsonWriter version(JsonWriter json, EntryVersion version) {
        json.beginObject()
                .member("version", version.version())
                .member("value", version.value())
                .member("tags", version.tags())
                .member("metadata", version.metadata())
                .member("importance", version.importance());
        return optional(json.name("ttl_seconds"), version.ttlSeconds())
                .member("changed_at", version.changedAt())
                .member("deleted", version.deleted())
                .member("key_id", text(version.keyId()))
                .member("request_id", version.requestId())
                .endObject();
    }

    /// With `scored`, each result has its similarity under the name `score` as well.
    static JsonWriter results(SearchResults results, boolean scored) {
        var json = new JsonWriter().beginObject().name("results").beginArray();
        for (Hit hit : results.results()) {
            entryMembers(json.beginObject(), hit.entry()).member("similarity", hit.similarity());
            if (scored) {
                json.member("score", hit.similarity());
            }
            if (hit.explanation() != null) {
                explanation(json.name("explanation"), hit.explanation());
            }
            json.endObject();
        }
        return json.endArray()
                .member("query", results.query())
                .member("count", results.results().size())
                .endObject();
    }

    static JsonWriter account(JsonWriter json, Account account) {
        return json.beginObject()
                .member("id", account.id().toString())
                .member("email", account.email())
                .member("name", account.name())
                .member("tier", account.tier().wireName())
                .member("created_at", account.createdAt())
                .endObject();
    }

    static JsonWriter usage(AccountUsage usage) {
        var json = new JsonWriter().beginObject();
        account(json.name("account"), usage.account());
        json.name("usage").beginObject();
        quota(json.name("namespaces"), usage.namespaces());
        quota(json.name("entries"), usage.entries());
        quota(json.name("requests"), usage.requests());
        return json.endObject().endObject();
    }

    static JsonWriter key(JsonWriter json, ApiKey key) {
        json.beginObject()
                .member("id", key.id().toString())
                .member("key_prefix", key.prefix())
                .member("name", key.name())
                .member(
                        "scopes",
                        key.scopes().stream().sorted().map(Scope::wireName).toList())
                .member("namespaces", key.namespaces().stream().sorted().toList());
        Integer rate = key.rateLimit();
        return optional(json.name("rate_limit"), rate == null ? null : rate.longValue())
                .member("last_used_at", key.lastUsedAt())
                .member("expires_at", key.expiresAt())
                .member("created_at", key.createdAt())
                .endObject();
    }

    private static JsonWriter entryMembers(JsonWriter json, Entry entry) {
        json.member("id", entry.id().toString())
                .member("key", entry.key())
                .member("value", entry.value())
                .member("namespace", entry.namespace())
                .member("tags", entry.tags())
                .member("metadata", entry.metadata())
                .member("importance", entry.importance());
        return optional(json.name("ttl_seconds"), entry.ttlSeconds())
                .member("expires_at", entry.expiresAt())
                .member("version", entry.version())
                .member("created_at", entry.createdAt())
                .member("updated_at", entry.updatedAt())
                .member("embedding", entry.embedding().wireName());
    }

    private static void explanation(JsonWriter json, Explanation explanation) {
        json.beginObject().member("bias", explanation.bias()).name("factors").beginArray();
        for (Explanation.Factor factor : explanation.factors()) {
            json.beginObject()
                    .member("name", factor.name())
                    .member("value", factor.value())
                    .member("weight", factor.weight())
                    .endObject();
        }
        json.endArray().name("cosine");
        if (explanation.cosine() == null) {
            json.value((String) null);
        } else {
            json.value(explanation.cosine());
        }
        json.endObject();
    }

    private static void quota(JsonWriter json, Quota quota) {
        json.beginObject()
                .member("current", quota.current())
                .member("limit", quota.limit())
                .endObject();
    }

    private static JsonWriter optional(JsonWriter json, @Nullable Long number) {
        return number == null ? json.value((String) null) : json.value(number.longValue());
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
