package dev.ctxmem.store.postgres;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Statements that go to the database together, in one round trip, and run there one after the other; each sees
/// what those before it did, and what others committed before it began.
final class Script {
    private final List<Step<?>> steps = new ArrayList<>();

    Script update(String sql, @Nullable Object... arguments) {
        steps.add(new Step<>(sql, arguments, row -> row));
        return this;
    }

    /// The result is there once the script has run.
    <T> Result<T> read(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        var step = new Step<>(sql, arguments, mapper);
        steps.add(step);
        return step.result;
    }

    void append(Script script) {
        steps.addAll(script.steps);
    }

    List<Step<?>> steps() {
        return Collections.unmodifiableList(steps);
    }

    /// What a statement answers.
    static final class Result<T> {
        private final List<T> rows = new ArrayList<>();

        @Nullable
        T first() {
            return rows.isEmpty() ? null : rows.getFirst();
        }

        /// The only row, or null when there is none.
        @Nullable
        T only() {
            if (rows.size() > 1) {
                throw new MemoryException(ErrorCode.INTERNAL, "The store found more than there may be.");
            }
            return first();
        }

        List<T> all() {
            return Collections.unmodifiableList(rows);
        }
    }

    /// One statement with its arguments.
    static final class Step<T> {
        private final String sql;
        private final @Nullable Object[] arguments;
        private final Function<Row, T> mapper;
        private final Result<T> result = new Result<>();

        Step(String sql, @Nullable Object[] arguments, Function<Row, T> mapper) {
            this.sql = sql;
            this.arguments = arguments;
            this.mapper = mapper;
        }

        String sql() {
            return sql;
        }

        @Nullable
        Object[] arguments() {
            return arguments;
        }

        void add(Row row) {
            result.rows.add(mapper.apply(row));
        }
    }
}
