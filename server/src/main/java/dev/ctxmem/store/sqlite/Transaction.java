package dev.ctxmem.store.sqlite;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one write may do within the running group. A write that throws before an [#update] changed a row leaves
/// nothing to undo; [Writer] asks for that.
final class Transaction {
    private final Session session;
    private long sequence;
    private long now;
    private boolean changed;

    Transaction(Session session, long sequence) {
        this.session = session;
        this.sequence = sequence;
    }

    void beginWrite(long nowMillis) {
        now = nowMillis;
        changed = false;
    }

    /// The instant of this write, in milliseconds since 1970.
    long now() {
        return now;
    }

    boolean changed() {
        return changed;
    }

    /// A number that stands for a change or a row, never given twice.
    long nextSequence() {
        return ++sequence;
    }

    long sequence() {
        return sequence;
    }

    <T> @Nullable T first(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        return session.first(sql, mapper, arguments);
    }

    <T> List<T> list(String sql, Function<Row, T> mapper, @Nullable Object... arguments) {
        return session.list(sql, mapper, arguments);
    }

    long number(String sql, @Nullable Object... arguments) {
        return session.number(sql, arguments);
    }

    int update(String sql, @Nullable Object... arguments) {
        int rows = session.update(sql, arguments);
        changed |= rows > 0;
        return rows;
    }
}
