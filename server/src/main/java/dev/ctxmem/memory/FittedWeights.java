package dev.ctxmem.memory;

import dev.ctxmem.memory.Ranking.Weights;

/// Weights of the [Ranking], as `bin/bench fit --conversations-only` prints them: a conditional logit (McFadden,
/// 1974) on questions about long conversations. The local models each have their own; any other model gets a
/// cosine fitted by the server itself.
public final class FittedWeights {
    /// By words alone. Length does not count, or a long entry would need no words. The bias lays the threshold at
    /// a coverage of 0.08, where as many relevant pairs are kept as pairs with another topic are cut.
    private static final Weights WORDS_ONLY = new Weights(0.08, 0, 9.53, 0);

    private static final Weights BGE_SMALL = new Weights(-13.55, 16.60, 7.22, 6.26);
    private static final Weights MINI_LM = new Weights(-4.09, 8.14, 7.72, 3.35);
    private static final Weights E5_SMALL = new Weights(-38.91, 48.82, 6.88, 2.25);

    /// What words add to a cosine of an unfitted model, centred on the coverage and length of a doubtful entry, so
    /// that the fit of the cosine alone keeps its meaning.
    private static final double COVERAGE = 11;

    private static final double COVERAGE_CENTRE = 0.1;
    private static final double LENGTH = 6;
    private static final double LENGTH_CENTRE = 0.6;

    private FittedWeights() {}

    /// Without an embedder.
    public static Ranking wordsOnly() {
        return new Ranking(WORDS_ONLY, WORDS_ONLY);
    }

    /// Whether `model` has fitted weights.
    public static boolean covers(String model) {
        return switch (model) {
            case "bge-small-en-v1.5", "all-MiniLM-L6-v2", "e5-small-v2" -> true;
            default -> false;
        };
    }

    /// For a model that [#covers].
    public static Ranking of(String model) {
        return new Ranking(
                switch (model) {
                    case "bge-small-en-v1.5" -> BGE_SMALL;
                    case "all-MiniLM-L6-v2" -> MINI_LM;
                    case "e5-small-v2" -> E5_SMALL;
                    default -> throw new IllegalArgumentException("no fitted weights for " + model);
                },
                WORDS_ONLY);
    }

    /// For any other model, from a fit of its cosine alone: σ(`bias` + `scale` · cosine) is the chance that a
    /// pair is related.
    public static Ranking fromCosine(double bias, double scale) {
        return new Ranking(weightsFromCosine(bias, scale), WORDS_ONLY);
    }

    /// The weights of [#fromCosine].
    public static Weights weightsFromCosine(double bias, double scale) {
        double shifted = bias - COVERAGE * COVERAGE_CENTRE - LENGTH * LENGTH_CENTRE;
        return new Weights(shifted, scale, COVERAGE, LENGTH);
    }
}
