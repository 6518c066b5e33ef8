package dev.ctxmem.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page as a store reads it: `next` is the position to go on after (a revision or a version), null on the
/// last page.
public record Page<T>(List<T> items, @Nullable Long next) {
    public Page {
        items = List.copyOf(items);
    }
}
