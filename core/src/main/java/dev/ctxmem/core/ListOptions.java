package dev.ctxmem.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which entries to list: those with all `tags`, at most `limit` (1–100), after `cursor` of the page before.
public record ListOptions(
        List<String> tags, int limit, @Nullable String cursor) {
    public static final int LIMIT_DEFAULT = 50;
    public static final ListOptions DEFAULT = new ListOptions(List.of(), LIMIT_DEFAULT, null);

    public ListOptions {
        tags = Text.tags(tags, "/tag");
        Text.limit(limit);
        requireCursor(cursor);
    }

    static void requireCursor(@Nullable String cursor) {
        if (cursor != null && (cursor.isEmpty() || cursor.length() > Limits.CURSOR_CHARACTERS_MAX)) {
            throw new MemoryException(ErrorCode.INVALID_CURSOR, "The cursor is not one of this server's.");
        }
    }
}
