package dev.ctxmem.memory;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Positions in a list as callers carry them: bound to the account and to the list by a MAC, so that a foreign
/// or altered one answers like garbage.
final class Cursors {
    private static final int MAC_BYTES = 12;

    private final Peppers peppers;

    Cursors(Peppers peppers) {
        this.peppers = peppers;
    }

    @Nullable
    String encode(UUID account, String list, @Nullable Long position) {
        if (position == null) {
            return null;
        }
        byte[] bytes = ByteBuffer.allocate(Long.BYTES + MAC_BYTES)
                .putLong(position)
                .put(mac(account, list, position))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// INVALID_CURSOR.
    @Nullable
    Long decode(UUID account, String list, @Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.length != Long.BYTES + MAC_BYTES) {
            throw invalid();
        }
        long position = ByteBuffer.wrap(bytes).getLong();
        byte[] mac = Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
        if (!MessageDigest.isEqual(mac, mac(account, list, position))) {
            throw invalid();
        }
        return position;
    }

    private byte[] mac(UUID account, String list, long position) {
        return Arrays.copyOf(peppers.mac("cursor", account + "\0" + list + "\0" + position), MAC_BYTES);
    }

    private static MemoryException invalid() {
        return new MemoryException(ErrorCode.INVALID_CURSOR, "The cursor is not one of this list's.");
    }
}
