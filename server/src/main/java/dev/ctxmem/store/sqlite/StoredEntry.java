package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import java.time.Instant;
import java.util.UUID;

/// A live entry as it was read: [#intact] says whether its checksums match. Only then may [#entry] be asked.
record StoredEntry(String namespace, Head head, Content content, EmbeddingState embedding, boolean intact) {
    /// What [#read] takes, in its order; `n`, `e` and `v` are the namespace, the entry and its current version.
    static final String COLUMNS = """
            n.slug, e.namespace_id, e.key, e.id, e.version, e.revision, e.created_at, e.expires_at, e.embedding,
            e.checksum as head_checksum, v.importance, v.ttl_seconds, v.changed_at, v.key_id, v.request_id,
            v.checksum as content_checksum, v.tags, v.metadata, v.value
            """;

    static StoredEntry read(Row row) {
        String slug = row.text();
        var head = new Head(
                row.number(),
                row.text(),
                row.uuid(),
                row.number(),
                row.number(),
                Head.State.LIVE,
                row.number(),
                row.numberOrNull());
        EmbeddingState embedding = Embedding.state(row.integer());
        long headChecksum = row.number();
        double importance = row.real();
        Long ttlSeconds = row.numberOrNull();
        long changedAt = row.number();
        UUID keyId = row.uuidOrNull();
        byte[] requestId = row.bytesOrNull();
        long contentChecksum = row.number();
        var content = new Content(
                head.version(),
                head.revision(),
                false,
                importance,
                ttlSeconds,
                head.expiresAt(),
                changedAt,
                keyId,
                requestId,
                row.bytes(),
                row.bytes(),
                row.bytes());
        boolean intact = content.checksum() == contentChecksum
                && head.checksum(contentChecksum) == headChecksum
                && embedding != null;
        return new StoredEntry(slug, head, content, embedding == null ? EmbeddingState.FAILED : embedding, intact);
    }

    Entry entry() {
        return entry(namespace, head, content, embedding);
    }

    static Entry entry(String namespace, Head head, Content content, EmbeddingState embedding) {
        Long expiresAt = head.expiresAt();
        return new Entry(
                head.id(),
                head.key(),
                content.valueJson(),
                namespace,
                content.tagList(),
                content.metadataJson(),
                content.importance(),
                content.ttlSeconds(),
                expiresAt == null ? null : Instant.ofEpochMilli(expiresAt),
                head.version(),
                Instant.ofEpochMilli(head.createdAt()),
                Instant.ofEpochMilli(content.changedAt()),
                embedding);
    }
}
