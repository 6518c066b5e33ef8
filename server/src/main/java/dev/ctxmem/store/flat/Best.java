package dev.ctxmem.store.flat;

import java.util.Arrays;

/// The best few of many numbered things by their score; of equals those with the higher revision. A heap with the
/// worst on top.
final class Best {
    private final int[] numbers;
    private final double[] scores;
    private final long[] revisions;
    private int size;

    Best(int most) {
        numbers = new int[most];
        scores = new double[most];
        revisions = new long[most];
    }

    /// False where an offer with this score would change nothing; NaN never does.
    boolean mayTake(double score) {
        return size < numbers.length ? !Double.isNaN(score) : size > 0 && score >= scores[0];
    }

    void offer(int number, double score, long revision) {
        if (size < numbers.length) {
            set(size, number, score, revision);
            rise(size++);
        } else if (size > 0 && (score > scores[0] || (score == scores[0] && revision > revisions[0]))) {
            set(0, number, score, revision);
            sink();
        }
    }

    /// In no order.
    int[] numbers() {
        return Arrays.copyOf(numbers, size);
    }

    private void rise(int from) {
        int at = from;
        while (at > 0 && isWorse(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void sink() {
        int at = 0;
        while (true) {
            int worst = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2; child++) {
                if (child < size && isWorse(child, worst)) {
                    worst = child;
                }
            }
            if (worst == at) {
                return;
            }
            swap(at, worst);
            at = worst;
        }
    }

    private boolean isWorse(int one, int other) {
        return scores[one] < scores[other] || (scores[one] == scores[other] && revisions[one] < revisions[other]);
    }

    private void swap(int one, int other) {
        int number = numbers[one];
        double score = scores[one];
        long revision = revisions[one];
        set(one, numbers[other], scores[other], revisions[other]);
        set(other, number, score, revision);
    }

    private void set(int at, int number, double score, long revision) {
        numbers[at] = number;
        scores[at] = score;
        revisions[at] = revision;
    }
}
