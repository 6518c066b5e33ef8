package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.MemoryException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One connection to SQLite with its prepared statements, which stay open. Arguments go to the parameters in
/// the order in which their names first appear in the statement. Every method throws what [Failures] makes of a
/// failure.
///
/// Not thread-safe: whoever holds a session has it alone.
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /// The first row, or null when there is none.
    <T> @Nullable T first(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        try (ResultSet results = bound(sql, arguments).executeQuery()) {
            var row = new Row(results);
            return row.next() ? mapper.apply(row) : null;
        } catch (SQLException e) {
            throw failed(sql, Failures.of(e));
        } catch (MemoryException e) {
            throw failed(sql, e);
        }
    }

    <T> List<T> list(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        var list = new ArrayList<T>();
        each(sql, row -> list.add(mapper.apply(row)), arguments);
        return list;
    }

    /// Hands over row by row, without holding more than one.
    void each(String sql, Consumer<Row> consumer, @Nullable Object... arguments) {
        try (ResultSet results = bound(sql, arguments).executeQuery()) {
            var row = new Row(results);
            while (row.next()) {
                consumer.accept(row);
            }
        } catch (SQLException e) {
            throw failed(sql, Failures.of(e));
        } catch (MemoryException e) {
            throw failed(sql, e);
        }
    }

    /// The number in the first column of the first row; 0 when there is none.
    long number(String sql, @Nullable Object... arguments) {
        Long number = first(sql, Row::number, arguments);
        return number == null ? 0 : number;
    }

    /// How many rows the statement changed.
    int update(String sql, @Nullable Object... arguments) {
        try {
            return bound(sql, arguments).executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, Failures.of(e));
        }
    }

    /// Runs a script of any number of statements, none of them prepared.
    void script(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /// Several reads of one and the same state.
    <T> T snapshot(Function<Session, T> reads) {
        update("begin");
        T result;
        try {
            result = reads.apply(this);
        } catch (RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
        update("commit");
        return result;
    }

    /// Ends a transaction that failed because of `cause`. SQLite ends some by itself, so that there may be none
    /// left.
    void rollback(Throwable cause) {
        try {
            update("rollback");
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object[] arguments) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            bind(statement, i + 1, arguments[i]);
        }
        return statement;
    }

    /// Forgets a statement that failed: the driver has closed it under our feet.
    private MemoryException failed(String sql, MemoryException failure) {
        try (PreparedStatement _ = statements.remove(sql)) {
            return failure;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object argument) throws SQLException {
        switch (argument) {
            case null -> statement.setNull(index, Types.NULL);
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean flag -> statement.setInt(index, flag ? 1 : 0);
            case Double number -> statement.setDouble(index, number);
            case byte[] bytes -> statement.setBytes(index, bytes);
            case UUID id -> statement.setBytes(index, bytes(id));
            default -> throw new IllegalArgumentException("a parameter of " + argument.getClass());
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
