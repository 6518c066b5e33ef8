package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.store.sql.Checksum;
import dev.ctxmem.store.sql.Content;
import java.util.UUID;

/// The identity of an entry, from its row of `entries`.
record Head(String key, UUID id, long version, long createdAt) {
    /// Over everything that is told of the entry, its current content included, so that a read by key needs no other
    /// checksum and no other column.
    long checksum(Content content) {
        var checksum = new Checksum().text(key).id(id).number(version).number(createdAt);
        return content.addTo(checksum).value();
    }

    /// Whether the key has a value. The statements know the codes as numbers: 0 is live.
    enum State {
        LIVE(0),
        DELETED(1),
        PURGED(2);

        private final int code;

        State(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /// INTEGRITY_ERROR for a number that stands for nothing.
        static State of(int code) {
            return switch (code) {
                case 0 -> LIVE;
                case 1 -> DELETED;
                case 2 -> PURGED;
                default -> throw new MemoryException(ErrorCode.INTEGRITY_ERROR, "The stored entry is damaged.");
            };
        }
    }
}
