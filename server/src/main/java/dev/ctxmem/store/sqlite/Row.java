package dev.ctxmem.store.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of a result, read column by column in the order of the `select`: each call takes the next one.
///
/// Damage must reach the checksum, not blow up before it: a required column that is null or misshapen reads as
/// zero or empty.
final class Row {
    private static final byte[] EMPTY = new byte[0];
    private static final int UUID_BYTES = 16;

    private final ResultSet results;
    private int column;

    Row(ResultSet results) {
        this.results = results;
    }

    boolean next() {
        column = 0;
        try {
            return results.next();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    long number() {
        try {
            return results.getLong(++column);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    int integer() {
        return (int) number();
    }

    boolean flag() {
        return number() != 0;
    }

    @Nullable
    Long numberOrNull() {
        long number = number();
        try {
            return number == 0 && results.wasNull() ? null : number;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    double real() {
        try {
            return results.getDouble(++column);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    byte @Nullable [] bytesOrNull() {
        try {
            return results.getBytes(++column);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    byte[] bytes() {
        byte[] bytes = bytesOrNull();
        return bytes == null ? EMPTY : bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    @Nullable
    String textOrNull() {
        byte[] bytes = bytesOrNull();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    UUID uuid() {
        return uuid(bytes());
    }

    @Nullable
    UUID uuidOrNull() {
        byte[] bytes = bytesOrNull();
        return bytes == null ? null : uuid(bytes);
    }

    Instant instant() {
        return Instant.ofEpochMilli(number());
    }

    @Nullable
    Instant instantOrNull() {
        Long millis = numberOrNull();
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static UUID uuid(byte[] bytes) {
        if (bytes.length != UUID_BYTES) {
            return new UUID(0, 0);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
