package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// Words or a key to look for, without any embedding. Null `namespace` asks all of the account's.
public record TextQuery(String query, @Nullable String namespace, int limit) {
    public TextQuery {
        Text.paragraph(query, "/query", 1, Limits.QUERY_CHARACTERS_MAX);
        Text.limit(limit);
    }
}
