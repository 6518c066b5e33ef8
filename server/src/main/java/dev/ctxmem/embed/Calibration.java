package dev.ctxmem.embed;

import dev.ctxmem.memory.Embedder;
import java.util.ArrayList;
import java.util.List;

/// Finds out what a cosine means in a model: fits, from pairs of questions and memories written for this
/// purpose, the chance that a pair is related. For models that have no weights of their own in the ranking.
public final class Calibration {
    private static final int TEXTS_PER_CALL = 32;

    /// Keeps the fit finite where a model tells all pairs apart; as strong as one pair of hundreds.
    private static final double RIDGE = 1;

    private static final int STEPS_MAX = 50;
    private static final double STEP_MIN = 1e-9;

    private Calibration() {}

    /// Embeds some 660 short texts, from the caller's thread, and fits. Throws what the embedder throws.
    public static Fit fit(Embedder embedder) {
        return fit(cosines(embedder, CalibrationPairs.read()));
    }

    private static List<Observation> cosines(Embedder embedder, CalibrationPairs pairs) {
        var questions = new ArrayList<float[]>();
        var memories = new ArrayList<List<float[]>>();
        inCalls(pairs.questions()).forEach(texts -> questions.addAll(embedder.embedQueries(texts)));
        inCalls(pairs.memories()).forEach(texts -> memories.addAll(embedder.embedPassages(texts)));
        return pairs.pairs().stream()
                .map(pair -> new Observation(
                        cosine(questions.get(pair.question()), memories.get(pair.memory())), pair.related()))
                .toList();
    }

    private static List<List<String>> inCalls(List<String> texts) {
        var calls = new ArrayList<List<String>>();
        for (int from = 0; from < texts.size(); from += TEXTS_PER_CALL) {
            calls.add(texts.subList(from, Math.min(texts.size(), from + TEXTS_PER_CALL)));
        }
        return calls;
    }

    /// That of the best chunk.
    private static double cosine(float[] question, List<float[]> chunks) {
        double best = -1;
        for (float[] chunk : chunks) {
            double dot = 0;
            for (int i = 0; i < question.length; i++) {
                dot += (double) question[i] * chunk[i];
            }
            best = Math.max(best, dot);
        }
        return best;
    }

    /// Logistic regression by Newton's method, on cosines brought to mean 0 and deviation 1, so that the ridge
    /// means the same for every model.
    static Fit fit(List<Observation> observations) {
        double mean =
                observations.stream().mapToDouble(Observation::cosine).average().orElseThrow();
        double deviation = Math.sqrt(observations.stream()
                .mapToDouble(o -> (o.cosine() - mean) * (o.cosine() - mean))
                .average()
                .orElseThrow());
        if (!(deviation > 0)) {
            throw new IllegalStateException("The model gives every pair of texts the same cosine.");
        }
        double bias = 0;
        double slope = 0;
        double step = 1;
        for (int i = 0; i < STEPS_MAX && step > STEP_MIN; i++) {
            // Gradient (g) and Hessian (h) of the penalised log likelihood; the bias (b) is not penalised.
            double gb = 0;
            double gs = -RIDGE * slope;
            double hbb = 0;
            double hbs = 0;
            double hss = RIDGE;
            for (Observation o : observations) {
                double x = (o.cosine() - mean) / deviation;
                double p = sigmoid(bias + slope * x);
                double error = (o.related() ? 1 : 0) - p;
                double weight = p * (1 - p);
                gb += error;
                gs += error * x;
                hbb += weight;
                hbs += weight * x;
                hss += weight * x * x;
            }
            double determinant = hbb * hss - hbs * hbs;
            double db = (hss * gb - hbs * gs) / determinant;
            double ds = (hbb * gs - hbs * gb) / determinant;
            bias += db;
            slope += ds;
            step = Math.abs(db) + Math.abs(ds);
        }
        return new Fit(bias - slope * mean / deviation, slope / deviation);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// What a cosine says: σ(`bias` + `scale` · cosine) is the chance that a pair is related.
    public record Fit(double bias, double scale) {
        public Fit {
            if (!Double.isFinite(bias) || !(scale > 0) || Double.isInfinite(scale)) {
                throw new IllegalArgumentException(
                        "bias " + bias + " and scale " + scale + ": related pairs must have the larger cosines");
            }
        }

        /// 0 to 1.
        public double probability(double cosine) {
            return sigmoid(bias + scale * cosine);
        }
    }

    /// A pair as the model sees it.
    record Observation(double cosine, boolean related) {}
}
