package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/// The scores of three kinds of pairs of a question and a passage, sorted: relevant ones; others of the same
/// shelf, which mostly has the same topic; and those of another shelf (none where there is but one).
record PairScores(double[] relevant, double[] sameTopic, double[] otherTopic) {
    private static final double KEPT = 0.95;
    private static final double CUT = 0.90;

    PairScores {
        relevant = sorted(relevant);
        sameTopic = sorted(sameTopic);
        otherTopic = sorted(otherTopic);
    }

    /// Every question of the chosen shelves, with every passage of its own shelf and of the next one.
    static PairScores of(FeatureTable table, Predicate<Shelf> chosen, double[] weights) {
        List<Shelf> shelves = table.set().shelves().stream().filter(chosen).toList();
        var relevant = DoubleStream.builder();
        var sameTopic = DoubleStream.builder();
        var otherTopic = DoubleStream.builder();
        for (int i = 0; i < shelves.size(); i++) {
            Shelf next = shelves.get((i + 1) % shelves.size());
            for (Question question : shelves.get(i).questions()) {
                Judged own = table.all(question, shelves.get(i));
                for (int row = 0; row < own.features().length; row++) {
                    (own.isRelevant(row) ? relevant : sameTopic).add(Judged.score(own.features()[row], weights));
                }
                if (shelves.size() > 1) {
                    for (double[] row : table.all(question, next).features()) {
                        otherTopic.add(Judged.score(row, weights));
                    }
                }
            }
        }
        return new PairScores(
                relevant.build().toArray(),
                sameTopic.build().toArray(),
                otherTopic.build().toArray());
    }

    /// Where to cut: in the middle between keeping 95 % of the relevant pairs and cutting 90 % of the pairs with
    /// another topic, so that neither promise has more to spare than the other; where there is no score that does
    /// both, by the other topics.
    double cut() {
        double other = quantile(otherTopic, CUT);
        return other + Math.max(0, quantile(relevant, 1 - KEPT) - other) / 2;
    }

    /// The share of the relevant pairs at or above `score`.
    double kept(double score) {
        return 1 - shareBelow(relevant, score);
    }

    double sameTopicCut(double score) {
        return shareBelow(sameTopic, score);
    }

    /// NaN where there is no other topic.
    double otherTopicCut(double score) {
        return shareBelow(otherTopic, score);
    }

    private static double shareBelow(double[] sorted, double score) {
        return (double) Arrays.stream(sorted).filter(value -> value < score).count() / sorted.length;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    private static double[] sorted(double[] values) {
        double[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
