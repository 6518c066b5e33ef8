package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// Which versions to read: at most `limit` (1–100), after `cursor` of the page before.
public record HistoryOptions(int limit, @Nullable String cursor) {
    public static final HistoryOptions DEFAULT = new HistoryOptions(Limits.PAGE_MAX, null);

    public HistoryOptions {
        Text.limit(limit);
        ListOptions.requireCursor(cursor);
    }
}
