package dev.ctxmem.memory;

import dev.ctxmem.memory.Ranking.Weights;

/// Weights of the [Ranking], fitted by logistic regression on questions about long conversations with `bench
/// fit`; the local models each have their own, any other model gets a cosine fitted by the server itself.
public final class FittedWeights {
    /// By words alone.
    private static final Weights WORDS_ONLY = new Weights(-4.5, 0, 7.0, 0.5);

    private static final Weights BGE_SMALL = new Weights(-16.75, 18.37, 5.94, 9.61);
    private static final Weights MINI_LM = new Weights(-6.1, 7.02, 7.37, 6.7);
    private static final Weights E5_SMALL = new Weights(-42.8, 49.94, 5.49, 6.78);

    /// What words add to a cosine of an unfitted model, centred on an entry of middling coverage and length, so
    /// that the fit of the cosine alone keeps its meaning.
    private static final double COVERAGE = 7.3;

    private static final double COVERAGE_CENTRE = 0.35;
    private static final double LENGTH = 7.0;
    private static final double LENGTH_CENTRE = 0.65;

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
        double shifted = bias - COVERAGE * COVERAGE_CENTRE - LENGTH * LENGTH_CENTRE;
        return new Ranking(new Weights(shifted, scale, COVERAGE, LENGTH), WORDS_ONLY);
    }
}
