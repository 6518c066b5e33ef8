package dev.ctxmem.store;

import java.util.random.RandomGenerator;

/// Vectors for tests, and how near they are.
public final class TestVectors {
    private TestVectors() {}

    public static float[] random(RandomGenerator random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /// The exact one; NaN where one has no direction.
    public static double cosine(float[] one, float[] other) {
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            squares += (double) one[i] * one[i];
            otherSquares += (double) other[i] * other[i];
        }
        return product / Math.sqrt(squares * otherSquares);
    }
}
