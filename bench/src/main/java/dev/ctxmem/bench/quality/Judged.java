package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A question with the features of passages: row i of `features` belongs to `keys[i]` and has the columns
/// [#COSINE], [#COVERAGE] and [#LENGTH].
record Judged(Question question, List<String> keys, double[][] features) {
    static final int COSINE = 0;
    static final int COVERAGE = 1;
    static final int LENGTH = 2;
    static final int COLUMNS = 3;

    boolean isRelevant(int row) {
        return question.relevant().contains(keys.get(row));
    }

    /// The same question asked where both sets of passages are; their keys differ.
    Judged with(Judged other) {
        var relevant = new HashSet<>(question.relevant());
        relevant.addAll(other.question.relevant());
        var both = new Question(question.id(), question.text(), relevant, question.groups());
        return new Judged(
                both,
                Stream.concat(keys.stream(), other.keys.stream()).toList(),
                Stream.concat(Arrays.stream(features), Arrays.stream(other.features))
                        .toArray(double[][]::new));
    }

    /// The logit of the similarity, but for the bias.
    static double score(double[] row, double[] weights) {
        return row[COSINE] * weights[COSINE] + row[COVERAGE] * weights[COVERAGE] + row[LENGTH] * weights[LENGTH];
    }

    /// The keys, best first; equal scores in the order of the shelf.
    Ranked ranked(double[] weights) {
        double[] scores = new double[features.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score(features[i], weights);
        }
        List<String> ranking = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .map(keys::get)
                .toList();
        return new Ranked(question, ranking);
    }
}
