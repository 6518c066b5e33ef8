package dev.ctxmem.memory;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Explanation.Factor;
import java.util.List;

/// The score of a search by key and words: an equal key is certain; then keys that begin with the query; then
/// by how much of the query an entry has. Pure.
final class TextScorer implements Scorer {
    /// A key that begins with the query ranks above all entries that merely have its words.
    private static final double PREFIX_SIMILARITY = 0.97;

    private static final double WORDS_SIMILARITY_MAX = 0.95;

    /// Threshold of a text search: an entry must have half of the query, by weight, to be a match at all.
    static final double SIMILARITY_MIN = WORDS_SIMILARITY_MAX / 2;

    @Override
    public double similarity(Features features) {
        return switch (features.keyMatch()) {
            case EXACT -> 1;
            case PREFIX -> PREFIX_SIMILARITY;
            case NONE -> WORDS_SIMILARITY_MAX * features.coverage();
        };
    }

    @Override
    public Explanation explain(Features features) {
        return new Explanation(0, List.of(new Factor("coverage", features.coverage(), WORDS_SIMILARITY_MAX)), null);
    }
}
