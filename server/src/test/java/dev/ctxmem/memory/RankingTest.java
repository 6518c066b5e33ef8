package dev.ctxmem.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.memory.Features.KeyMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankingTest {
    private final Ranking ranking = FittedWeights.of("bge-small-en-v1.5");

    @Test
    void similarityGrowsWithEachFeature() {
        double base = ranking.similarity(features(0.6, 0.3, 10));
        assertTrue(ranking.similarity(features(0.7, 0.3, 10)) > base);
        assertTrue(ranking.similarity(features(0.6, 0.5, 10)) > base);
        assertTrue(ranking.similarity(features(0.6, 0.3, 30)) > base);
    }

    @Test
    void similarityStaysBetweenZeroAndOneAtTheExtremes() {
        for (double cosine : new double[] {-1, 1}) {
            for (double coverage : new double[] {0, 1}) {
                for (int length : new int[] {0, Integer.MAX_VALUE}) {
                    double similarity = ranking.similarity(features(cosine, coverage, length));
                    assertTrue(similarity >= 0 && similarity <= 1);
                }
            }
        }
    }

    @Test
    void anEntryWithoutAVectorIsJudgedByItsWords() {
        var all = new Features(null, 1, 4, KeyMatch.NONE, 0.5);
        var none = new Features(null, 0, 4, KeyMatch.NONE, 0.5);
        assertTrue(ranking.similarity(all) >= 0.7);
        assertTrue(ranking.similarity(none) < 0.7);
    }

    @Test
    void anEqualKeyIsCertain() {
        assertEquals(1, ranking.similarity(new Features(-0.5, 0, 0, KeyMatch.EXACT, 0.5)));
    }

    @Test
    void theExplanationAddsUpToTheSimilarity() {
        Features features = features(0.61, 0.4, 17);
        Explanation explanation = ranking.explain(features);
        double sum = explanation.bias()
                + explanation.factors().stream()
                        .mapToDouble(factor -> factor.value() * factor.weight())
                        .sum();
        assertEquals(ranking.similarity(features), 1 / (1 + Math.exp(-sum)), 1e-12);
    }

    @Test
    void coverageIsWeightedByHowMuchAStemTellsApart() {
        var weights = new StemWeights(1000, new long[] {1, 900});
        assertTrue(weights.coverage(0b01) > 0.9);
        assertTrue(weights.coverage(0b10) < 0.1);
        assertEquals(1, weights.coverage(0b11), 1e-12);
        assertEquals(0, weights.coverage(0));
        assertEquals(0, new StemWeights(10, new long[0]).coverage(0));
    }

    @Test
    void theFrontPageExampleHoldsWithEveryModel() {
        assertFrontPage(FittedWeights.of("bge-small-en-v1.5"), 0.773, 0.384);
        assertFrontPage(FittedWeights.of("all-MiniLM-L6-v2"), 0.406, -0.014);
        assertFrontPage(FittedWeights.of("e5-small-v2"), 0.876, 0.683);
        assertFrontPage(FittedWeights.wordsOnly(), null, null);
    }

    /// With what the calibration finds for the local models when it does not know them.
    @Test
    void theFrontPageExampleHoldsWithAnUnfittedModel() {
        assertFrontPage(FittedWeights.fromCosine(-14.06, 25.94), 0.773, 0.384);
        assertFrontPage(FittedWeights.fromCosine(-3.52, 17.23), 0.406, -0.014);
        assertFrontPage(FittedWeights.fromCosine(-48.15, 61.53), 0.876, 0.683);
    }

    @Test
    void lengthAloneIsNoReason() {
        for (String model : List.of("bge-small-en-v1.5", "all-MiniLM-L6-v2", "e5-small-v2")) {
            Ranking fitted = FittedWeights.of(model);
            double remark = fitted.similarity(new Features(null, 0, 3, KeyMatch.NONE, 0.5));
            double book = fitted.similarity(new Features(null, 0, 100_000, KeyMatch.NONE, 0.5));
            assertEquals(remark, book);
        }
        assertTrue(Ranking.relativeLength(100_000) - Ranking.relativeLength(500) < 0.01);
        assertEquals(0, Ranking.relativeLength(0));
    }

    /// "what database should I use" of `decision` = "use postgres for the database" and `pet` = "the cat sat on
    /// the mat", with the cosines of the model, whether they are alone in the account or two of thousands.
    private static void assertFrontPage(Ranking ranking, @Nullable Double decision, @Nullable Double pet) {
        for (StemWeights stems : List.of(
                new StemWeights(2, new long[] {1, 1}),
                new StemWeights(10_000, new long[] {1, 1}),
                new StemWeights(10_000, new long[] {400, 3000}))) {
            double found = ranking.similarity(new Features(decision, stems.coverage(0b11), 4, KeyMatch.NONE, 0.5));
            double other = ranking.similarity(new Features(pet, stems.coverage(0), 4, KeyMatch.NONE, 0.5));
            assertTrue(found >= 0.75, () -> "decision " + found);
            assertTrue(other < 0.7, () -> "pet " + other);
        }
    }

    private static Features features(double cosine, double coverage, int length) {
        return new Features(cosine, coverage, length, KeyMatch.NONE, 0.5);
    }
}
