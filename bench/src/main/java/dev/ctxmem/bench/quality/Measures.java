package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.quality.TestSet.Question;
import java.util.List;

/// What one ranking of keys is worth for one question: each 0 to 1. Averages over questions weigh each question
/// the same.
final class Measures {
    private Measures() {}

    /// The share of the relevant passages that are among the first `k`.
    static double recall(Question question, List<String> ranking, int k) {
        return (double) question.found(first(ranking, k)) / question.relevant().size();
    }

    /// 1 when any relevant passage is among the first `k`.
    static double any(Question question, List<String> ranking, int k) {
        return question.found(first(ranking, k)) > 0 ? 1 : 0;
    }

    /// 1 when all relevant passages are among the first `k`.
    static double all(Question question, List<String> ranking, int k) {
        return question.found(first(ranking, k)) == question.relevant().size() ? 1 : 0;
    }

    /// Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen, 2002).
    static double ndcg(Question question, List<String> ranking, int k) {
        double gain = 0;
        List<String> first = first(ranking, k);
        for (int i = 0; i < first.size(); i++) {
            if (question.relevant().contains(first.get(i))) {
                gain += discount(i);
            }
        }
        double best = 0;
        for (int i = 0; i < Math.min(k, question.relevant().size()); i++) {
            best += discount(i);
        }
        return gain / best;
    }

    private static List<String> first(List<String> ranking, int k) {
        return ranking.subList(0, Math.min(k, ranking.size()));
    }

    private static double discount(int position) {
        return Math.log(2) / Math.log(position + 2);
    }
}
