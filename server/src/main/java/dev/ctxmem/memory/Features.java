package dev.ctxmem.memory;

import org.jspecify.annotations.Nullable;

/// What a store knows about one candidate. `cosine` is exact, of the best chunk (−1 to 1), null where the entry
/// has no vector of the query's model; `coverage` is the share of the question's stems that the entry has,
/// weighted by [StemWeights] (0 to 1); `length` counts the entry's content stems, repeats included.
public record Features(@Nullable Double cosine, double coverage, int length, KeyMatch keyMatch, double importance) {
    /// How the entry's key relates to the question's text.
    public enum KeyMatch {
        NONE,
        PREFIX,
        EXACT
    }
}
