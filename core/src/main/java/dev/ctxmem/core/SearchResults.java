package dev.ctxmem.core;

import java.util.List;

/// The hits for `query`, most similar first.
public record SearchResults(String query, List<Hit> results) {
    public SearchResults {
        results = List.copyOf(results);
    }
}
