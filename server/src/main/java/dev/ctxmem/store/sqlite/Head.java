package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a row of `entries` says about a key, as far as its checksum covers it.
record Head(
        long namespace,
        String key,
        UUID id,
        long version,
        long revision,
        State state,
        long createdAt,
        @Nullable Long expiresAt) {
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

    /// Binds the head to its content: one cannot be exchanged without the other.
    long checksum(long contentChecksum) {
        return new Checksum()
                .number(namespace)
                .text(key)
                .id(id)
                .number(version)
                .number(revision)
                .number(state.code())
                .number(createdAt)
                .optional(expiresAt)
                .number(contentChecksum)
                .value();
    }
}
