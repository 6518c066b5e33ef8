package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.store.sql.Checksum;
import dev.ctxmem.store.sql.Content;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of `versions`: a state of a key, and who brought it about.
record Version(
        long version,
        long revision,
        boolean deleted,
        @Nullable UUID keyId,
        @Nullable String requestId,
        Content content) {
    /// What [#read] takes, in its order.
    static final String COLUMNS = """
            version, revision, deleted, key_id, request_id, importance, ttl_seconds, expires_at, changed_at,
                tags, metadata, value
            """;

    static Version read(Row row) {
        return new Version(
                row.number(),
                row.number(),
                row.flag(),
                row.uuidOrNull(),
                row.textOrNull(),
                new Content(
                        row.real(),
                        row.numberOrNull(),
                        row.numberOrNull(),
                        row.number(),
                        row.bytes(),
                        row.bytes(),
                        row.bytes()));
    }

    long checksum() {
        var checksum = new Checksum()
                .number(version)
                .number(revision)
                .number(deleted ? 1 : 0)
                .optional(keyId)
                .optional(requestId);
        return content.addTo(checksum).value();
    }

    EntryVersion entryVersion() {
        return content.entryVersion(version, deleted, keyId, requestId);
    }
}
