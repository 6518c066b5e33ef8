package dev.ctxmem.store.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rows of one statement, of which the database sends a few at a time: only within a transaction. Not
/// thread-safe.
final class Cursor<T> implements AutoCloseable {
    /// A value may have a megabyte.
    static final int ROWS = 16;

    private final PreparedStatement statement;
    private final ResultSet results;
    private final Row row;
    private final Function<Row, T> mapper;
    private @Nullable T ahead;

    Cursor(PreparedStatement statement, Function<Row, T> mapper) throws SQLException {
        this.statement = statement;
        this.mapper = mapper;
        results = statement.executeQuery();
        row = new Row(results);
        advance();
    }

    /// The next row; null behind the last.
    @Nullable
    T peek() {
        return ahead;
    }

    /// Takes the next row; null behind the last.
    @Nullable
    T next() {
        T taken = ahead;
        if (taken != null) {
            try {
                advance();
            } catch (SQLException e) {
                throw new FailedStatement(e);
            }
        }
        return taken;
    }

    private void advance() throws SQLException {
        ahead = row.next() ? mapper.apply(row) : null;
    }

    @Override
    public void close() {
        try (statement) {
            results.close();
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }
}
