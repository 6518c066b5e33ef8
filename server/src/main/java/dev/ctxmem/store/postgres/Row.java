package dev.ctxmem.store.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One row of a result, read column by column in the order of the `select`: each call takes the next one.
final class Row {
    private final ResultSet results;
    private int column;

    Row(ResultSet results) {
        this.results = results;
    }

    boolean next() throws SQLException {
        column = 0;
        return results.next();
    }

    long number() {
        return read(() -> results.getLong(++column));
    }

    int integer() {
        return (int) number();
    }

    boolean flag() {
        return read(() -> results.getBoolean(++column));
    }

    double real() {
        return read(() -> results.getDouble(++column));
    }

    @Nullable
    Long numberOrNull() {
        long number = number();
        return read(results::wasNull) ? null : (Long) number;
    }

    @Nullable
    Double realOrNull() {
        double real = real();
        return read(results::wasNull) ? null : (Double) real;
    }

    String text() {
        return Objects.requireNonNull(textOrNull());
    }

    @Nullable
    String textOrNull() {
        return readNullable(() -> results.getString(++column));
    }

    byte[] utf8() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    UUID uuid() {
        return Objects.requireNonNull(uuidOrNull());
    }

    @Nullable
    UUID uuidOrNull() {
        return readNullable(() -> results.getObject(++column, UUID.class));
    }

    Instant instant() {
        return Objects.requireNonNull(instantOrNull());
    }

    @Nullable
    Instant instantOrNull() {
        OffsetDateTime time = readNullable(() -> results.getObject(++column, OffsetDateTime.class));
        return time == null ? null : time.toInstant();
    }

    List<String> texts() {
        Array array = readNullable(() -> results.getArray(++column));
        return array == null ? List.of() : List.of(read(() -> (String[]) array.getArray()));
    }

    long[] numbers() {
        Array array = readNullable(() -> results.getArray(++column));
        return array == null
                ? new long[0]
                : Stream.of(read(() -> (Long[]) array.getArray()))
                        .mapToLong(Long::longValue)
                        .toArray();
    }

    byte @Nullable [] bytesOrNull() {
        return readNullable(() -> results.getBytes(++column));
    }

    List<byte[]> byteStrings() {
        Array array = readNullable(() -> results.getArray(++column));
        return array == null ? List.of() : List.of(read(() -> (byte[][]) array.getArray()));
    }

    private static <T> T read(Reading<T> reading) {
        return Objects.requireNonNull(readNullable(reading));
    }

    private static <T> @Nullable T readNullable(Reading<@Nullable T> reading) {
        try {
            return reading.read();
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }

    private interface Reading<T extends @Nullable Object> {
        T read() throws SQLException;
    }
}
