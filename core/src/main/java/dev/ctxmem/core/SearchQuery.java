package dev.ctxmem.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question. Null `namespace` asks all of the account's; `tags` must all be there; hits below `threshold`
/// (0–1) are left out.
public record SearchQuery(
        String query, @Nullable String namespace, int limit, double threshold, List<String> tags, boolean explain) {
    public static final int LIMIT_DEFAULT = 10;
    public static final double THRESHOLD_DEFAULT = 0.7;

    public SearchQuery {
        Text.paragraph(query, "/query", 1, Limits.QUERY_CHARACTERS_MAX);
        Text.limit(limit);
        Text.range(threshold, "/threshold", 0, 1);
        tags = Text.tags(tags, "/tags");
    }

    /// The question with every default.
    public static SearchQuery of(String query) {
        return new SearchQuery(query, null, LIMIT_DEFAULT, THRESHOLD_DEFAULT, List.of(), false);
    }

    public SearchQuery in(String namespace) {
        return new SearchQuery(query, namespace, limit, threshold, tags, explain);
    }
}
