package dev.ctxmem.memory;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Explanation.Factor;
import java.util.ArrayList;
import java.util.List;

/// The one score of a search by meaning: a logistic function of a candidate's features, fitted so that it means
/// the same with every embedding model: how sure we are that the entry is about what was asked. Pure.
///
/// An entry without a vector (it is pending, or there is no embedder) is judged by its words alone, with
/// weights of their own.
public final class Ranking implements Scorer {
    /// The length in content stems that counts for half of the most.
    private static final double HALF_LENGTH_STEMS = 5;

    private final Weights withVector;
    private final Weights wordsOnly;

    /// Weights fitted for the local models are in [FittedWeights].
    public Ranking(Weights withVector, Weights wordsOnly) {
        this.withVector = withVector;
        this.wordsOnly = wordsOnly;
    }

    @Override
    public double similarity(Features features) {
        if (features.keyMatch() == Features.KeyMatch.EXACT) {
            return 1;
        }
        Weights weights = weightsFor(features);
        double cosine = features.cosine() == null ? 0 : features.cosine();
        return sigmoid(weights.bias
                + weights.cosine * cosine
                + weights.coverage * features.coverage()
                + weights.length * relativeLength(features.length()));
    }

    @Override
    public Explanation explain(Features features) {
        Weights weights = weightsFor(features);
        var factors = new ArrayList<Factor>();
        if (features.cosine() != null) {
            factors.add(new Factor("cosine", features.cosine(), weights.cosine));
        }
        factors.add(new Factor("coverage", features.coverage(), weights.coverage));
        factors.add(new Factor("length", relativeLength(features.length()), weights.length));
        if (features.keyMatch() == Features.KeyMatch.EXACT) {
            factors.add(new Factor("key_match", 1, Double.MAX_VALUE));
        }
        return new Explanation(weights.bias, List.copyOf(factors), features.cosine());
    }

    private Weights weightsFor(Features features) {
        return features.cosine() == null ? wordsOnly : withVector;
    }

    /// What an entry's length counts for, 0 to 1: much between three stems and thirty, where a remark becomes a
    /// statement, and little between a page and a book.
    public static double relativeLength(int stems) {
        return stems / (stems + HALF_LENGTH_STEMS);
    }

    /// The logistic function.
    public static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// Similarity = σ(`bias` + `cosine` · cosine + `coverage` · coverage + `length` · [#relativeLength]).
    public record Weights(double bias, double cosine, double coverage, double length) {}
}
