package dev.ctxmem.store.sql;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.ArchiveItem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an entry says in one version. Texts stay UTF-8 until somebody asks, because checksums are over bytes; they
/// may be asked for only once a checksum has matched.
public record Content(
        double importance,
        @Nullable Long ttlSeconds,
        @Nullable Long expiresAt,
        long changedAt,
        byte[] tags,
        byte[] metadata,
        byte[] value) {
    private static final byte[] NO_TAGS = {'[', ']'};

    public static Content of(EntryDraft draft, @Nullable Long ttlSeconds, @Nullable Long expiresAt, long changedAt) {
        return new Content(
                draft.importance(),
                ttlSeconds,
                expiresAt,
                changedAt,
                draft.tags().isEmpty()
                        ? NO_TAGS
                        : utf8(new JsonWriter().value(draft.tags()).toString()),
                utf8(draft.metadata().text()),
                utf8(draft.value().text()));
    }

    /// What a deletion leaves.
    public static Content deleted(long changedAt) {
        return new Content(
                EntryDraft.IMPORTANCE_DEFAULT,
                null,
                null,
                changedAt,
                NO_TAGS,
                utf8(Json.EMPTY_OBJECT.text()),
                utf8(Json.NULL.text()));
    }

    public Checksum addTo(Checksum checksum) {
        return checksum.real(importance)
                .optional(ttlSeconds)
                .optional(expiresAt)
                .number(changedAt)
                .bytes(tags)
                .bytes(metadata)
                .bytes(value);
    }

    public Entry entry(UUID id, String key, String namespace, long version, long createdAt, EmbeddingState embedding) {
        return new Entry(
                id,
                key,
                valueJson(),
                namespace,
                tagList(),
                metadataJson(),
                importance,
                ttlSeconds,
                expiry(),
                version,
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(changedAt),
                embedding);
    }

    public EntryVersion entryVersion(long version, boolean deleted, @Nullable UUID keyId, @Nullable String requestId) {
        return new EntryVersion(
                version,
                valueJson(),
                tagList(),
                metadataJson(),
                importance,
                ttlSeconds,
                Instant.ofEpochMilli(changedAt),
                deleted,
                keyId,
                requestId);
    }

    public ArchiveItem archived(
            long version, long revision, boolean deleted, @Nullable UUID keyId, @Nullable String requestId) {
        return new ArchiveItem.OfVersion(
                version,
                revision,
                deleted,
                keyId,
                requestId,
                importance,
                ttlSeconds,
                expiry(),
                Instant.ofEpochMilli(changedAt),
                tagList(),
                metadataJson(),
                valueJson());
    }

    /// How much memory its texts take, about.
    public int bytes() {
        return tags.length + metadata.length + value.length;
    }

    public boolean hasTags() {
        return tags.length > NO_TAGS.length;
    }

    /// A JSON array.
    public String tagsText() {
        return text(tags);
    }

    public List<String> tagList() {
        return hasTags()
                ? Json.stored(tagsText()).elements().stream()
                        .map(Json::asString)
                        .toList()
                : List.of();
    }

    public Json metadataJson() {
        return Json.stored(text(metadata));
    }

    public Json valueJson() {
        return Json.stored(text(value));
    }

    private @Nullable Instant expiry() {
        return expiresAt == null ? null : Instant.ofEpochMilli(expiresAt);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
