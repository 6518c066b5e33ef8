package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.memory.Ranking.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/// The fit of one model's weights on some shelves, and what they are worth on the others.
final class Fit {
    /// σ⁻¹(0.7): where the default threshold cuts.
    private static final double THRESHOLD_LOGIT = Math.log(0.7 / 0.3);

    private final List<Part> parts;

    /// A test set and those of its shelves that weights are fitted on.
    record Part(FeatureTable table, Predicate<Shelf> fitted) {
        List<Judged> judged(Predicate<Shelf> chosen) {
            return table.set().shelves().stream()
                    .filter(chosen)
                    .flatMap(shelf -> shelf.questions().stream().map(question -> table.candidates(question, shelf)))
                    .toList();
        }

        boolean has(Predicate<Shelf> chosen) {
            return table.set().shelves().stream().anyMatch(chosen);
        }
    }

    /// The threshold is laid by the first part: it has several topics.
    Fit(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// `columns` are those of [Judged]; the others get the weight 0.
    Weights weights(int... columns) {
        double[] factors = new ConditionalLogit(fitted(), columns).fit();
        Part first = parts.getFirst();
        double cut = PairScores.of(first.table, first.fitted, factors).cut();
        return new Weights(
                THRESHOLD_LOGIT - cut, factors[Judged.COSINE], factors[Judged.COVERAGE], factors[Judged.LENGTH]);
    }

    /// Questions that several parts ask are asked once, of all their passages together: an account has entries
    /// of every length, and none may win by its length alone.
    private List<Judged> fitted() {
        var byQuestion = new LinkedHashMap<String, Judged>();
        for (Part part : parts) {
            part.judged(part.fitted)
                    .forEach(judged -> byQuestion.merge(judged.question().id(), judged, Judged::with));
        }
        return List.copyOf(byQuestion.values());
    }

    /// What the weights are worth: rankings in every group, and the default threshold on unseen pairs.
    List<Figure> figures(Weights weights) {
        double[] factors = {weights.cosine(), weights.coverage(), weights.length()};
        var figures = new ArrayList<Figure>();
        for (Part part : parts) {
            figures.addAll(part.table
                    .set()
                    .figures(part.judged(shelf -> true).stream()
                            .map(judged -> judged.ranked(factors))
                            .toList()));
            if (part.has(part.fitted.negate())) {
                PairScores pairs = PairScores.of(part.table, part.fitted.negate(), factors);
                figures.addAll(cuts(part.table.set().name(), pairs, THRESHOLD_LOGIT - weights.bias()));
            }
        }
        return figures;
    }

    private static List<Figure> cuts(String set, PairScores pairs, double cut) {
        var figures = new ArrayList<>(List.of(
                new Figure(set, "unseen", "relevant kept at 0.7", pairs.kept(cut), pairs.relevant().length),
                new Figure(set, "unseen", "same topic cut at 0.7", pairs.sameTopicCut(cut), pairs.sameTopic().length)));
        if (pairs.otherTopic().length > 0) {
            figures.add(new Figure(
                    set, "unseen", "other topic cut at 0.7", pairs.otherTopicCut(cut), pairs.otherTopic().length));
        }
        return figures;
    }
}
