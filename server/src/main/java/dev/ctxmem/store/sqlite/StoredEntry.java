package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.store.sql.Content;
import java.util.UUID;

/// A live entry as it was read: [#intact] says whether its checksum matches. Only then may [#entry] be asked.
record StoredEntry(Head head, Content content, EmbeddingState embedding, boolean intact) {
    /// What [#read] takes, in its order; `e` and `v` are the entry and its current version. As few as will do: the
    /// driver asks for the name of each column at every call.
    static final String COLUMNS = """
            e.id, e.version, e.created_at, e.expires_at, e.embedding, e.checksum,
                v.importance, v.ttl_seconds, v.changed_at, v.tags, v.metadata, v.value
            """;

    static StoredEntry read(Row row, String key) {
        UUID id = row.uuid();
        long version = row.number();
        var head = new Head(key, id, version, row.number());
        Long expiresAt = row.numberOrNull();
        EmbeddingState embedding = Embedding.state(row.integer());
        long checksum = row.number();
        double importance = row.real();
        Long ttlSeconds = row.numberOrNull();
        var content =
                new Content(importance, ttlSeconds, expiresAt, row.number(), row.bytes(), row.bytes(), row.bytes());
        boolean intact = head.checksum(content) == checksum && embedding != null;
        return new StoredEntry(head, content, embedding == null ? EmbeddingState.FAILED : embedding, intact);
    }

    Entry entry(String namespace) {
        return entry(namespace, head, content, embedding);
    }

    static Entry entry(String namespace, Head head, Content content, EmbeddingState embedding) {
        return content.entry(head.id(), head.key(), namespace, head.version(), head.createdAt(), embedding);
    }
}
