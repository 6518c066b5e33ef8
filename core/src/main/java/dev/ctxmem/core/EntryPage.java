package dev.ctxmem.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a list, newest update first; `nextCursor` is null on the last page.
public record EntryPage(List<Entry> entries, @Nullable String nextCursor) {
    public EntryPage {
        entries = List.copyOf(entries);
    }
}
