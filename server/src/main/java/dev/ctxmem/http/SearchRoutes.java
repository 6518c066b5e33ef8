package dev.ctxmem.http;

import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import org.jspecify.annotations.Nullable;

/// Search, in all namespaces or in one.
final class SearchRoutes {
    Answer search(Call call) {
        Fields fields = call.fields();
        var query = query(fields, fields.optionalString("namespace"), "threshold", "tags");
        return Answer.ok(Wire.results(call.memories().search(query), false));
    }

    /// Calls the threshold `min_score` and the tags `context_tags`, and understands the other names too.
    Answer searchNamespace(Call call) {
        Fields fields = call.fields();
        var query = query(
                fields, call.part(0), fields.either("min_score", "threshold"), fields.either("context_tags", "tags"));
        return Answer.ok(Wire.results(call.memories().search(query), true));
    }

    Answer searchText(Call call) {
        Fields fields = call.fields();
        var query = new TextQuery(
                fields.string("query"),
                fields.optionalString("namespace"),
                fields.whole("limit", SearchQuery.LIMIT_DEFAULT));
        return Answer.ok(Wire.results(call.memories().searchText(query), false));
    }

    private static SearchQuery query(Fields fields, @Nullable String namespace, String threshold, String tags) {
        return new SearchQuery(
                fields.string("query"),
                namespace,
                fields.whole("limit", SearchQuery.LIMIT_DEFAULT),
                fields.number(threshold, SearchQuery.THRESHOLD_DEFAULT),
                fields.strings(tags),
                fields.flag("explain"));
    }
}
