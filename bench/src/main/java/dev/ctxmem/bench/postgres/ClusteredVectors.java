package dev.ctxmem.bench.postgres;

import java.util.SplittableRandom;

/// Made-up unit vectors that lie as those of texts do: in topics, some much larger than others, with closer groups in
/// them, and mostly in few of the directions. The same number gives the same vector.
final class ClusteredVectors {
    static final int DIMENSION = 384;

    private static final int TOPICS = 500;
    private static final int GROUPS_PER_TOPIC = 20;
    private static final double GROUP_SPREAD = 0.6;
    private static final double ENTRY_SPREAD = 0.5;
    private static final double QUESTION_SPREAD = 0.7;
    /// How fast the later directions fade.
    private static final double DECAY = -0.4;

    private static final long TOPIC_SEED = 1L << 40;
    private static final long GROUP_SEED = 1L << 41;
    private static final long QUESTION_SEED = 1L << 42;

    private final float[] scale = new float[DIMENSION];

    ClusteredVectors() {
        for (int i = 0; i < DIMENSION; i++) {
            scale[i] = (float) Math.pow(i + 1, DECAY);
        }
    }

    float[] entry(int number) {
        return vector(number, ENTRY_SPREAD);
    }

    float[] question(int number) {
        return vector(QUESTION_SEED + number, QUESTION_SPREAD);
    }

    private float[] vector(long seed, double spread) {
        var random = new SplittableRandom(seed);
        double skewed = random.nextDouble();
        int topic = (int) (TOPICS * skewed * skewed);
        int group = topic * GROUPS_PER_TOPIC + random.nextInt(GROUPS_PER_TOPIC);
        var vector = new float[DIMENSION];
        add(vector, new SplittableRandom(TOPIC_SEED + topic), 1);
        add(vector, new SplittableRandom(GROUP_SEED + group), GROUP_SPREAD);
        add(vector, random, spread);
        double squares = 0;
        for (float part : vector) {
            squares += part * part;
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    private void add(float[] vector, SplittableRandom random, double weight) {
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] += (float) (weight * random.nextGaussian() * scale[i]);
        }
    }
}
