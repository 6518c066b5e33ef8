package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// What a ranking of keys is worth for a question, 0 to 1. An average over questions weighs each the same.
record Measure(String name, ToDoubleBiFunction<Question, List<String>> value) {
    /// The share of the relevant passages that are among the first `k`.
    static Measure recall(int k) {
        return new Measure(
                "recall@" + k,
                (question, ranking) -> (double) question.found(first(ranking, k))
                        / question.relevant().size());
    }

    /// 1 when any relevant passage is among the first `k`.
    static Measure any(int k) {
        return new Measure("any@" + k, (question, ranking) -> question.found(first(ranking, k)) > 0 ? 1 : 0);
    }

    /// 1 when all relevant passages are among the first `k`.
    static Measure all(int k) {
        return new Measure(
                "all@" + k,
                (question, ranking) ->
                        question.found(first(ranking, k)) == question.relevant().size() ? 1 : 0);
    }

    /// Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen, 2002).
    static Measure ndcg(int k) {
        return new Measure("NDCG@" + k, (question, ranking) -> {
            double gain = 0;
            double best = 0;
            for (int i = 0; i < k; i++) {
                double discounted = Math.log(2) / Math.log(i + 2);
                if (i < ranking.size() && question.relevant().contains(ranking.get(i))) {
                    gain += discounted;
                }
                if (i < question.relevant().size()) {
                    best += discounted;
                }
            }
            return gain / best;
        });
    }

    private static List<String> first(List<String> ranking, int k) {
        return ranking.subList(0, Math.min(k, ranking.size()));
    }
}
