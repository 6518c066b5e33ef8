package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairScoresTest {
    private final PairScores scores = new PairScores(range(100, 200), new double[] {40, 10, 30, 20}, range(0, 100));

    @Test
    void whatIsAtTheCutIsKept() {
        assertEquals(1, scores.kept(100));
        assertEquals(0.99, scores.kept(101), 1e-12);
        assertEquals(0.75, scores.sameTopicCut(40), 1e-12);
        assertEquals(0.5, scores.otherTopicCut(50), 1e-12);
    }

    @Test
    void theCutLiesBetweenBothPromises() {
        assertEquals((105 + 90) / 2.0, scores.cut());
    }

    @Test
    void whereBothCannotBeKept_otherTopicsAreCut() {
        assertEquals(90, new PairScores(range(0, 100), new double[0], range(0, 100)).cut());
    }

    private static double[] range(int from, int to) {
        return IntStream.range(from, to).asDoubleStream().toArray();
    }
}
