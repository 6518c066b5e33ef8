package dev.ctxmem.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of an entry's versions, newest first, the current one included; `nextCursor` is null on the last
/// page.
public record HistoryPage(
        List<EntryVersion> history, @Nullable String nextCursor) {
    public HistoryPage {
        history = List.copyOf(history);
    }
}
