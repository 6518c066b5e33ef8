package dev.ctxmem.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.memory.Features.KeyMatch;
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
        assertTrue(ranking.similarity(none) < 0.1);
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

    private static Features features(double cosine, double coverage, int length) {
        return new Features(cosine, coverage, length, KeyMatch.NONE, 0.5);
    }
}
