package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionalLogitTest {
    private static final double[] TRUE_WEIGHTS = {8, 3, -2};
    private static final int PASSAGES = 20;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void fit_findsTheWeightsThatTheChoicesWereMadeWith() {
        assertArrayEquals(TRUE_WEIGHTS, new ConditionalLogit(choices(4000), 0, 1, 2).fit(), 0.4);
    }

    @Test
    void fit_leavesColumnsOutAtZero() {
        double[] weights = new ConditionalLogit(choices(200), Judged.COVERAGE).fit();
        assertEquals(0, weights[Judged.COSINE]);
        assertEquals(0, weights[Judged.LENGTH]);
        assertTrue(weights[Judged.COVERAGE] > 1);
    }

    @Test
    void fit_staysFiniteWhereAColumnSeparatesPerfectly() {
        var judged = new Judged(question("k1"), List.of("k0", "k1"), new double[][] {{0, 0, 0}, {1, 0, 0}});
        double weight = new ConditionalLogit(List.of(judged), Judged.COSINE).fit()[Judged.COSINE];
        assertTrue(weight > 1 && weight < 100, () -> "weight " + weight);
    }

    @Test
    void fit_survivesAFirstStepThatGoesTooFar() {
        var question = new Question("q", "?", Set.of("k0", "k1"), List.of());
        double[][] features = new double[PASSAGES][];
        features[0] = new double[] {1, 0, 0};
        for (int i = 1; i < PASSAGES; i++) {
            features[i] = new double[] {0.001 * i, 0, 0};
        }
        List<String> keys = IntStream.range(0, PASSAGES).mapToObj(i -> "k" + i).toList();
        double weight =
                new ConditionalLogit(List.of(new Judged(question, keys, features)), Judged.COSINE).fit()[Judged.COSINE];
        assertTrue(Double.isFinite(weight), () -> "weight " + weight);
    }

    /// Questions with one relevant passage each, drawn with the probabilities that the true weights give.
    private List<Judged> choices(int count) {
        var questions = new ArrayList<Judged>();
        List<String> keys = IntStream.range(0, PASSAGES).mapToObj(i -> "k" + i).toList();
        for (int i = 0; i < count; i++) {
            double[][] features = new double[PASSAGES][];
            double[] cumulative = new double[PASSAGES];
            double sum = 0;
            for (int j = 0; j < PASSAGES; j++) {
                features[j] = new double[] {random.nextDouble(), random.nextDouble(), random.nextDouble()};
                sum += Math.exp(Judged.score(features[j], TRUE_WEIGHTS));
                cumulative[j] = sum;
            }
            double drawn = random.nextDouble() * sum;
            int chosen = 0;
            while (cumulative[chosen] < drawn) {
                chosen++;
            }
            questions.add(new Judged(question("k" + chosen), keys, features));
        }
        return questions;
    }

    private static Question question(String relevant) {
        return new Question("q", "?", Set.of(relevant), List.of());
    }
}
