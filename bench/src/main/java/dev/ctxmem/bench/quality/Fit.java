package dev.ctxmem.bench.quality;

import static java.util.stream.Collectors.toList;

import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.memory.Ranking.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The fit of one model's weights on half of the conversations and on claims of science, and what they are
/// worth on what was not fitted.
final class Fit {
    /// σ⁻¹(0.7): where the default threshold cuts.
    private static final double THRESHOLD_LOGIT = Math.log(0.7 / 0.3);

    private static final Predicate<Shelf> FITTED = Locomo::isFitted;
    private static final Predicate<Shelf> ALL = shelf -> true;

    private final FeatureTable turns;
    private final FeatureTable sessions;
    private final FeatureTable claims;
    private final FeatureTable testClaims;

    Fit(FeatureTable turns, FeatureTable sessions, FeatureTable claims, FeatureTable testClaims) {
        this.turns = turns;
        this.sessions = sessions;
        this.claims = claims;
        this.testClaims = testClaims;
    }

    /// `columns` are those of [Judged]; the others get the weight 0.
    Weights weights(int... columns) {
        List<Judged> questions = Stream.of(
                        judged(turns, FITTED).stream(), judged(sessions, FITTED).stream(), judged(claims, ALL).stream())
                .flatMap(stream -> stream)
                .collect(toList());
        double[] factors = new ConditionalLogit(questions, columns).fit();
        double cut = PairScores.of(turns, FITTED, factors).middle();
        return new Weights(
                THRESHOLD_LOGIT - cut, factors[Judged.COSINE], factors[Judged.COVERAGE], factors[Judged.LENGTH]);
    }

    /// What the weights are worth.
    List<Figure> figures(Weights weights) {
        double[] factors = {weights.cosine(), weights.coverage(), weights.length()};
        var figures = new ArrayList<Figure>();
        for (FeatureTable table : List.of(turns, sessions, testClaims)) {
            figures.addAll(table.set()
                    .figures(judged(table, ALL).stream()
                            .map(judged -> judged.ranked(factors))
                            .toList()));
        }
        figures.addAll(cuts(turns, Locomo.HELD_OUT, FITTED.negate(), weights));
        figures.addAll(cuts(sessions, Locomo.HELD_OUT, FITTED.negate(), weights));
        figures.addAll(cuts(testClaims, Figure.ALL, ALL, weights));
        return figures;
    }

    private static List<Figure> cuts(FeatureTable table, String group, Predicate<Shelf> chosen, Weights weights) {
        double[] factors = {weights.cosine(), weights.coverage(), weights.length()};
        double cut = THRESHOLD_LOGIT - weights.bias();
        PairScores pairs = PairScores.of(table, chosen, factors);
        String set = table.set().name();
        return List.of(
                new Figure(set, group, "relevant kept at 0.7", pairs.kept(cut), pairs.relevant().length),
                new Figure(set, group, "same topic cut at 0.7", pairs.sameTopicCut(cut), pairs.sameTopic().length),
                new Figure(set, group, "other topic cut at 0.7", pairs.otherTopicCut(cut), pairs.otherTopic().length));
    }

    private static List<Judged> judged(FeatureTable table, Predicate<Shelf> chosen) {
        return table.set().shelves().stream()
                .filter(chosen)
                .flatMap(shelf -> shelf.questions().stream().map(question -> table.candidates(question, shelf)))
                .toList();
    }
}
