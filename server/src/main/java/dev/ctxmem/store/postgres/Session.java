package dev.ctxmem.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// One connection in the hands of one caller. What the database refuses is thrown as [FailedStatement]. Not
/// thread-safe.
final class Session {
    private static final int NO_MORE = -1;

    private final Connection connection;
    private final Statements statements;

    Session(Connection connection, Statements statements) {
        this.connection = connection;
        this.statements = statements;
    }

    /// The first row, or null when there is none.
    <T> @Nullable T first(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        List<T> rows = list(sql, mapper, arguments);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    <T> List<T> list(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        var script = new Script();
        Script.Result<T> result = script.read(sql, mapper, arguments);
        run(script);
        return result.all();
    }

    /// Takes each argument by its name.
    <T> List<T> listNamed(String sql, Function<Row, T> mapper, Function<String, @Nullable Object> arguments) {
        return list(sql, mapper, arguments(sql, arguments));
    }

    /// In the order in which a statement takes them.
    @Nullable
    Object[] arguments(String sql, Function<String, @Nullable Object> byName) {
        return statements.of(sql).names().stream().map(byName).toArray();
    }

    /// All rows, however many: the database sends a few at a time. Only within a transaction.
    <T> Cursor<T> open(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        Sql compiled = statements.of(sql);
        try {
            PreparedStatement statement = connection.prepareStatement(compiled.text());
            bind(statement, 0, compiled, arguments);
            statement.setFetchSize(Cursor.ROWS);
            return new Cursor<>(statement, mapper);
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }

    /// The number in the first column of the first row, which must be there.
    long number(String sql, @Nullable Object... arguments) {
        return Objects.requireNonNull(first(sql, Row::number, arguments));
    }

    /// How many rows the statement changed.
    int update(String sql, @Nullable Object... arguments) {
        Sql compiled = statements.of(sql);
        try (PreparedStatement statement = connection.prepareStatement(compiled.text())) {
            bind(statement, 0, compiled, arguments);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }

    void run(Script script) {
        var text = new StringJoiner(";\n");
        for (Script.Step<?> step : script.steps()) {
            text.add(statements.of(step.sql()).text());
        }
        try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
            int bound = 0;
            for (Script.Step<?> step : script.steps()) {
                bound = bind(statement, bound, statements.of(step.sql()), step.arguments());
            }
            boolean hasRows = statement.execute();
            for (Script.Step<?> step : script.steps()) {
                if (hasRows) {
                    read(statement, step);
                } else if (statement.getUpdateCount() == NO_MORE) {
                    throw new IllegalStateException("fewer results than statements");
                }
                hasRows = statement.getMoreResults();
            }
        } catch (SQLException e) {
            throw new FailedStatement(e);
        }
    }

    private static void read(PreparedStatement statement, Script.Step<?> step) throws SQLException {
        try (ResultSet results = statement.getResultSet()) {
            var row = new Row(results);
            while (row.next()) {
                step.add(row);
            }
        }
    }

    /// How many parameters are bound afterwards.
    private int bind(PreparedStatement statement, int bound, Sql sql, @Nullable Object[] arguments)
            throws SQLException {
        int index = bound;
        for (int argument : sql.parameters()) {
            bind(statement, ++index, argument == Sql.NOW ? statements.now() : arguments[argument]);
        }
        return index;
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object argument) throws SQLException {
        switch (argument) {
            case null -> statement.setNull(index, Types.NULL);
            case String text -> statement.setString(index, text);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Boolean flag -> statement.setBoolean(index, flag);
            case Double number -> statement.setDouble(index, number);
            case UUID id -> statement.setObject(index, id);
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case long[] numbers -> statement.setArray(index, postgres().createArrayOf("int8", numbers));
            case double[] numbers -> statement.setArray(index, postgres().createArrayOf("float8", numbers));
            case float[] numbers -> statement.setArray(index, postgres().createArrayOf("float4", numbers));
            case String[] texts -> statement.setArray(index, postgres().createArrayOf("text", texts));
            case UUID[] ids -> statement.setArray(index, postgres().createArrayOf("uuid", ids));
            default -> throw new IllegalArgumentException("a parameter of " + argument.getClass());
        }
    }

    private PGConnection postgres() throws SQLException {
        return connection.unwrap(PGConnection.class);
    }
}
