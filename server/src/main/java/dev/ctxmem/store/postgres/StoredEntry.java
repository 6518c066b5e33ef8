package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.store.sql.Checksum;
import dev.ctxmem.store.sql.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One version of an entry as it is stored: [#isIntact] says whether it matches its checksum. Only then may
/// anything be shown of it.
record StoredEntry(
        String key,
        UUID id,
        long version,
        long revision,
        boolean deleted,
        @Nullable UUID keyId,
        @Nullable String requestId,
        long createdAt,
        Content content,
        long storedChecksum) {
    /// What [#read] takes, in its order, behind the deletion and of the table `e`.
    static final String COLUMNS = """
            e.key, e.id, e.version, e.revision, e.key_id, e.request_id, e.created_at,
                e.importance, e.ttl_seconds, e.expires_at, e.updated_at, e.tags, e.metadata, e.value, e.checksum
            """;

    /// The first column of a live entry, of one in `entries`, and of one in `entry_versions`.
    static final String LIVE = "false, " + COLUMNS;

    static final String CURRENT = "e.state = 'deleted', " + COLUMNS;
    static final String FORMER = "e.deleted, " + COLUMNS;

    static StoredEntry read(Row row) {
        boolean deleted = row.flag();
        String key = row.text();
        UUID id = row.uuid();
        long version = row.number();
        long revision = row.number();
        UUID keyId = row.uuidOrNull();
        String requestId = row.textOrNull();
        long createdAt = row.instant().toEpochMilli();
        double importance = row.real();
        Long ttlSeconds = row.numberOrNull();
        Instant expiresAt = row.instantOrNull();
        long updatedAt = row.instant().toEpochMilli();
        byte[] tags = new JsonWriter().value(row.texts()).toString().getBytes(StandardCharsets.UTF_8);
        var content = new Content(
                importance,
                ttlSeconds,
                expiresAt == null ? null : (Long) expiresAt.toEpochMilli(),
                updatedAt,
                tags,
                row.utf8(),
                row.utf8());
        return new StoredEntry(key, id, version, revision, deleted, keyId, requestId, createdAt, content, row.number());
    }

    /// What [#storedChecksum] should be.
    long checksum() {
        var checksum = new Checksum()
                .text(key)
                .id(id)
                .number(version)
                .number(revision)
                .number(deleted ? 1 : 0)
                .optional(keyId)
                .optional(requestId)
                .number(createdAt);
        return content.addTo(checksum).value();
    }

    boolean isIntact() {
        return storedChecksum == checksum();
    }

    Entry entry(String namespace, EmbeddingState embedding) {
        return content.entry(id, key, namespace, version, createdAt, embedding);
    }

    EntryVersion entryVersion() {
        return content.entryVersion(version, deleted, keyId, requestId);
    }
}
