package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// An entry and how sure we are that it is about what was asked: `similarity`, 0 to 1. `explanation` is there
/// when it was asked for.
public record Hit(Entry entry, double similarity, @Nullable Explanation explanation) {
    public Hit {
        if (!(similarity >= 0 && similarity <= 1)) {
            throw new IllegalArgumentException("similarity " + similarity);
        }
    }
}
