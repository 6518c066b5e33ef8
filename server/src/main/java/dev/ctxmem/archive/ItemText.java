package dev.ctxmem.archive;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.Vectorization;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The lines of an archive: one JSON object for each item, `type` first. Vectors are Base64 of little-endian
/// float32, one string for each chunk.
final class ItemText {
    private ItemText() {}

    static String line(ArchiveItem item) {
        JsonWriter out = new JsonWriter().beginObject();
        switch (item) {
            case ArchiveItem.OfSetting(String name, String value) ->
                out.member("type", "setting").member("name", name).member("value", value);
            case ArchiveItem.OfAccount account -> write(account, out);
            case ArchiveItem.OfKey key -> write(key, out);
            case ArchiveItem.OfCustomer(BillingStore.Customer customer) ->
                out.member("type", "customer")
                        .member("account", customer.account().toString())
                        .member("id", customer.id())
                        .member("revision", customer.revision());
            case ArchiveItem.OfUsage usage ->
                out.member("type", "usage")
                        .member("account", usage.account().toString())
                        .member("month", usage.month().toString())
                        .member("requests", usage.requests());
            case ArchiveItem.OfNamespace namespace -> write(namespace, out);
            case ArchiveItem.OfEntry entry -> write(entry, out);
            case ArchiveItem.OfVersion version -> write(version, out);
            case ArchiveItem.OfEvent event -> write(event, out);
        }
        return out.endObject().toString();
    }

    /// IllegalArgumentException, DateTimeException or MemoryException for anything that [#line] did not write.
    static ArchiveItem parse(byte[] utf8) {
        Members in = Members.of(Json.parseAnswer(utf8));
        String type = in.string("type");
        return switch (type) {
            case "setting" -> new ArchiveItem.OfSetting(in.string("name"), in.string("value"));
            case "account" -> account(in);
            case "key" -> key(in);
            case "customer" ->
                new ArchiveItem.OfCustomer(
                        new BillingStore.Customer(in.id("account"), in.string("id"), in.whole("revision")));
            case "usage" ->
                new ArchiveItem.OfUsage(in.id("account"), YearMonth.parse(in.string("month")), in.whole("requests"));
            case "namespace" -> namespace(in);
            case "entry" -> entry(in);
            case "version" -> version(in);
            case "event" -> event(in);
            default -> throw new IllegalArgumentException("'" + type + "' is not known");
        };
    }

    private static void write(ArchiveItem.OfAccount item, JsonWriter out) {
        Account account = item.account();
        out.member("type", "account")
                .member("id", account.id().toString())
                .member("email", account.email())
                .member("name", account.name())
                .member("tier", account.tier().wireName())
                .member("created_at", account.createdAt())
                .member("revision", item.revision());
    }

    private static ArchiveItem account(Members in) {
        return new ArchiveItem.OfAccount(
                new Account(
                        in.id("id"),
                        in.string("email"),
                        in.optionalString("name"),
                        Tier.named(in.string("tier")),
                        in.time("created_at")),
                in.whole("revision"));
    }

    private static void write(ArchiveItem.OfKey item, JsonWriter out) {
        ApiKey key = item.key().key();
        out.member("type", "key")
                .member("account", item.key().account().toString())
                .member("id", key.id().toString())
                .member("token_id", item.key().tokenId())
                .member("hash", item.key().hash())
                .member("prefix", key.prefix())
                .member("name", key.name())
                .member(
                        "scopes",
                        key.scopes().stream().map(Scope::wireName).sorted().toList())
                .member("namespaces", key.namespaces().stream().sorted().toList());
        if (key.rateLimit() == null) {
            out.member("rate_limit", Json.NULL);
        } else {
            out.member("rate_limit", (long) key.rateLimit());
        }
        out.member("last_used_at", key.lastUsedAt())
                .member("expires_at", key.expiresAt())
                .member("created_at", key.createdAt())
                .member("revoked_at", item.revokedAt());
    }

    private static ArchiveItem key(Members in) {
        Long rateLimit = in.optionalWhole("rate_limit");
        var key = new ApiKey(
                in.id("id"),
                in.string("prefix"),
                in.string("name"),
                in.strings("scopes").stream().map(Scope::named).collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(in.strings("namespaces")),
                rateLimit == null ? null : (Integer) Math.toIntExact(rateLimit),
                in.optionalTime("last_used_at"),
                in.optionalTime("expires_at"),
                in.time("created_at"));
        return new ArchiveItem.OfKey(
                new KeyRecord(key, in.id("account"), in.optionalString("token_id"), in.string("hash")),
                in.optionalTime("revoked_at"));
    }

    private static void write(ArchiveItem.OfNamespace item, JsonWriter out) {
        out.member("type", "namespace")
                .member("account", item.account().toString())
                .member("id", item.id().toString())
                .member("slug", item.slug())
                .member("name", item.name())
                .member("description", item.description())
                .member("created_at", item.createdAt())
                .member("updated_at", item.updatedAt());
    }

    private static ArchiveItem namespace(Members in) {
        return new ArchiveItem.OfNamespace(
                in.id("account"),
                in.id("id"),
                in.string("slug"),
                in.string("name"),
                in.optionalString("description"),
                in.time("created_at"),
                in.time("updated_at"));
    }

    private static void write(ArchiveItem.OfEntry item, JsonWriter out) {
        out.member("type", "entry")
                .member("account", item.account().toString())
                .member("namespace", item.namespace())
                .member("key", item.key())
                .member("id", item.id().toString())
                .member("version", item.version())
                .member("revision", item.revision())
                .member("state", item.state().name().toLowerCase(Locale.ROOT))
                .member("embedding", item.embedding().wireName())
                .member("created_at", item.createdAt())
                .member("expires_at", item.expiresAt())
                .name("vectors")
                .beginArray();
        for (Vectorization.Ready vectors : item.vectors()) {
            out.beginObject()
                    .member("model", vectors.model().name())
                    .member("dimension", vectors.model().dimension())
                    .member(
                            "chunks",
                            vectors.chunks().stream().map(ItemText::encode).toList())
                    .endObject();
        }
        out.endArray();
    }

    private static ArchiveItem entry(Members in) {
        var vectors = new ArrayList<Vectorization.Ready>();
        for (Json json : in.json("vectors").elements()) {
            Members one = Members.of(json);
            var model = new EmbeddingModel(one.string("model"), Math.toIntExact(one.whole("dimension")));
            List<float[]> chunks = one.strings("chunks").stream()
                    .map(text -> decode(text, model.dimension()))
                    .toList();
            vectors.add(new Vectorization.Ready(model, chunks));
        }
        return new ArchiveItem.OfEntry(
                in.id("account"),
                in.string("namespace"),
                in.string("key"),
                in.id("id"),
                in.whole("version"),
                in.whole("revision"),
                ArchiveItem.KeyState.valueOf(in.string("state").toUpperCase(Locale.ROOT)),
                EmbeddingState.named(in.string("embedding")),
                in.time("created_at"),
                in.optionalTime("expires_at"),
                vectors);
    }

    private static void write(ArchiveItem.OfVersion item, JsonWriter out) {
        out.member("type", "version")
                .member("version", item.version())
                .member("revision", item.revision())
                .member("deleted", item.deleted())
                .member("key_id", item.keyId() == null ? null : item.keyId().toString())
                .member("request_id", item.requestId())
                .member("importance", item.importance());
        optional("ttl_seconds", item.ttlSeconds(), out);
        out.member("expires_at", item.expiresAt())
                .member("changed_at", item.changedAt())
                .member("tags", item.tags())
                .member("metadata", item.metadata())
                .member("value", item.value());
    }

    private static ArchiveItem version(Members in) {
        return new ArchiveItem.OfVersion(
                in.whole("version"),
                in.whole("revision"),
                in.flag("deleted"),
                in.optionalId("key_id"),
                in.optionalString("request_id"),
                in.fraction("importance"),
                in.optionalWhole("ttl_seconds"),
                in.optionalTime("expires_at"),
                in.time("changed_at"),
                in.strings("tags"),
                in.json("metadata"),
                in.json("value"));
    }

    private static void write(ArchiveItem.OfEvent item, JsonWriter out) {
        out.member("type", "event")
                .member("account", item.account().toString())
                .member("revision", item.revision())
                .member("kind", item.kind())
                .member("namespace", item.namespace())
                .member("key", item.key());
        optional("version", item.version(), out);
        out.member("at", item.at());
    }

    private static ArchiveItem event(Members in) {
        return new ArchiveItem.OfEvent(
                in.id("account"),
                in.whole("revision"),
                in.string("kind"),
                in.string("namespace"),
                in.optionalString("key"),
                in.optionalWhole("version"),
                in.time("at"));
    }

    private static void optional(String name, @Nullable Long number, JsonWriter out) {
        if (number == null) {
            out.member(name, Json.NULL);
        } else {
            out.member(name, (long) number);
        }
    }

    private static String encode(float[] chunk) {
        ByteBuffer bytes = ByteBuffer.allocate(chunk.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(chunk);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static float[] decode(String text, int dimension) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length != dimension * Float.BYTES) {
            throw new IllegalArgumentException("a vector is not of its model's dimension");
        }
        var chunk = new float[dimension];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(chunk);
        return chunk;
    }
}
