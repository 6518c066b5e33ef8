package dev.ctxmem.memory;

/// How much each stem of a question tells apart, by its inverse document frequency in the account: ln(1 + (n −
/// df + ½) / (df + ½)), the form of BM25 (Robertson and Zaragoza, 2009).
public final class StemWeights {
    private final double[] weights;
    private final double sum;

    /// `documents` is the account's number of entries; `frequencies[i]` of how many of them have stem i.
    public StemWeights(long documents, long[] frequencies) {
        weights = new double[frequencies.length];
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            long df = Math.min(frequencies[i], documents);
            weights[i] = Math.log(1 + (documents - df + 0.5) / (df + 0.5));
            total += weights[i];
        }
        sum = total;
    }

    public double weight(int stem) {
        return weights[stem];
    }

    /// The weighted share of the stems whose bit is set in `matches`: 0 to 1; 0 for a question without stems.
    public double coverage(long matches) {
        double covered = 0;
        for (int i = 0; i < weights.length; i++) {
            if ((matches >>> i & 1) == 1) {
                covered += weights[i];
            }
        }
        return sum == 0 ? 0 : Math.min(1, covered / sum);
    }
}
