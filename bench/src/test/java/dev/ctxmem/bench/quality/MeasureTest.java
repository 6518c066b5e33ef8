package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeasureTest {
    private final Question question = new Question("q", "Who?", Set.of("a", "b"), List.of("few"));

    @Test
    void recallIsTheShareOfTheRelevantThatIsFound() {
        assertEquals(0.5, value(Measure.recall(2), "x", "a", "b"));
        assertEquals(1, value(Measure.recall(3), "x", "a", "b"));
        assertEquals(0, value(Measure.recall(3)));
    }

    @Test
    void anyAndAllTellOneFromEvery() {
        assertEquals(1, value(Measure.any(2), "x", "a", "b"));
        assertEquals(0, value(Measure.all(2), "x", "a", "b"));
        assertEquals(1, value(Measure.all(3), "x", "a", "b"));
        assertEquals(0, value(Measure.any(1), "x", "a", "b"));
    }

    @Test
    void ndcgDiscountsByTheLogarithmOfThePosition() {
        assertEquals(1, value(Measure.ndcg(10), "b", "a", "x"), 1e-12);
        double ideal = 1 + 1 / (Math.log(3) / Math.log(2));
        assertEquals((0.5 + 1 / (Math.log(3) / Math.log(2))) / ideal, value(Measure.ndcg(10), "x", "a", "b"), 1e-12);
        assertEquals(0, value(Measure.ndcg(1), "x", "a", "b"));
    }

    @Test
    void figuresAreMeansOverTheQuestionsOfAGroup() {
        var other = new Question("p", "What?", Set.of("c"), List.of());
        var set = new TestSet("set", List.of(), List.of(Measure.any(1)), List.of("few"));
        List<Figure> figures =
                set.figures(List.of(new Ranked(question, List.of("a")), new Ranked(other, List.of("a"))));
        assertEquals(
                List.of(new Figure("set", "all", "any@1", 0.5, 2), new Figure("set", "few", "any@1", 1, 1)), figures);
    }

    private double value(Measure measure, String... ranking) {
        return measure.value().applyAsDouble(question, List.of(ranking));
    }
}
