package dev.ctxmem.store.sql;

import dev.ctxmem.memory.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects a page from rows, of which one more is read than the page may have. The page ends at `limit` rows,
/// or earlier where its values pass [#BYTES_MAX], but has at least one.
public final class PageBuilder<T> {
    public static final int BYTES_MAX = 8 << 20;

    private final int limit;
    private final List<T> items = new ArrayList<>();
    private long position;
    private int rows;
    private long bytes;
    private boolean more;

    public PageBuilder(int limit) {
        this.limit = limit;
    }

    /// Adds the row at a position; null is a row that is left out of the page, but is still passed.
    public void add(long rowPosition, int rowBytes, @Nullable T item) {
        bytes += rowBytes;
        if (more || rows == limit || (rows > 0 && bytes > BYTES_MAX)) {
            more = true;
            return;
        }
        rows++;
        position = rowPosition;
        if (item != null) {
            items.add(item);
        }
    }

    public Page<T> build() {
        return new Page<>(items, more ? (Long) position : null);
    }
}
