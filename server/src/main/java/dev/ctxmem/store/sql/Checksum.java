package dev.ctxmem.store.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A CRC-32C (RFC 3720, Castagnoli) over the columns of one row, in a fixed order: numbers as eight bytes,
/// texts and bytes behind their length, null as length −1. It finds every flipped bit and every burst up to 32
/// bits; it is no protection against intent.
public final class Checksum {
    private static final int NULL_LENGTH = -1;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(2 * Long.BYTES);

    public Checksum number(long number) {
        crc.update(buffer.clear().putLong(number).flip());
        return this;
    }

    public Checksum real(double real) {
        return number(Double.doubleToRawLongBits(real));
    }

    public Checksum optional(@Nullable Long number) {
        return number == null ? number(NULL_LENGTH) : number(Long.BYTES).number(number);
    }

    public Checksum optional(@Nullable UUID id) {
        return id == null ? number(NULL_LENGTH) : number(2 * Long.BYTES).id(id);
    }

    public Checksum optional(@Nullable String text) {
        return text == null ? number(NULL_LENGTH) : text(text);
    }

    public Checksum id(UUID id) {
        buffer.clear().putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        crc.update(buffer.flip());
        return this;
    }

    public Checksum bytes(byte[] bytes) {
        number(bytes.length);
        crc.update(bytes);
        return this;
    }

    public Checksum text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// 0 to 2³² − 1.
    public long value() {
        return crc.getValue();
    }
}
