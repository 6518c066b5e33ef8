package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of `versions`: a state of a key. Texts stay UTF-8 until somebody asks, because the checksum is over
/// bytes.
record Content(
        long version,
        long revision,
        boolean deleted,
        double importance,
        @Nullable Long ttlSeconds,
        @Nullable Long expiresAt,
        long changedAt,
        @Nullable UUID keyId,
        byte @Nullable [] requestId,
        byte[] tags,
        byte[] metadata,
        byte[] value) {
    private static final byte[] NO_TAGS = {'[', ']'};

    static Content written(
            EntryDraft draft,
            long version,
            long revision,
            @Nullable Long ttlSeconds,
            @Nullable Long expiresAt,
            long changedAt,
            UUID keyId,
            String requestId) {
        return new Content(
                version,
                revision,
                false,
                draft.importance(),
                ttlSeconds,
                expiresAt,
                changedAt,
                keyId,
                utf8(requestId),
                tagBytes(draft.tags()),
                utf8(draft.metadata().text()),
                utf8(draft.value().text()));
    }

    /// The version that a deletion leaves.
    static Content deletion(long version, long revision, long changedAt, UUID keyId, String requestId) {
        return new Content(
                version,
                revision,
                true,
                EntryDraft.IMPORTANCE_DEFAULT,
                null,
                null,
                changedAt,
                keyId,
                utf8(requestId),
                NO_TAGS,
                utf8(Json.EMPTY_OBJECT.text()),
                utf8(Json.NULL.text()));
    }

    /// Takes the columns in the order of this record.
    static Content read(Row row) {
        return new Content(
                row.number(),
                row.number(),
                row.flag(),
                row.real(),
                row.numberOrNull(),
                row.numberOrNull(),
                row.number(),
                row.uuidOrNull(),
                row.bytesOrNull(),
                row.bytes(),
                row.bytes(),
                row.bytes());
    }

    /// How much memory its texts take, about.
    int bytes() {
        return tags.length + metadata.length + value.length;
    }

    long checksum() {
        return new Checksum()
                .number(version)
                .number(revision)
                .number(deleted ? 1 : 0)
                .real(importance)
                .optional(ttlSeconds)
                .optional(expiresAt)
                .number(changedAt)
                .optional(keyId)
                .optional(requestId)
                .bytes(tags)
                .bytes(metadata)
                .bytes(value)
                .value();
    }

    boolean hasTags() {
        return tags.length > NO_TAGS.length;
    }

    /// Only of content whose checksum has been seen to match.
    List<String> tagList() {
        return !hasTags()
                ? List.of()
                : Json.stored(text(tags)).elements().stream()
                        .map(Json::asString)
                        .toList();
    }

    Json valueJson() {
        return Json.stored(text(value));
    }

    Json metadataJson() {
        return Json.stored(text(metadata));
    }

    EntryVersion entryVersion() {
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
                requestId == null ? null : text(requestId));
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tagBytes(List<String> tags) {
        return tags.isEmpty() ? NO_TAGS : utf8(new JsonWriter().value(tags).toString());
    }
}
