package dev.ctxmem.bench.postgres;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The truth: all vectors of the entries in memory, and how near the ten nearest of them are.
final class ExactSearch {
    static final int NEAREST = 10;

    /// Sums in another order differ by less.
    private static final float TOLERANCE = 1e-5f;

    private final float[][] vectors;

    ExactSearch(ClusteredVectors source, int entries) {
        vectors = IntStream.range(0, entries).parallel().mapToObj(source::entry).toArray(float[][]::new);
    }

    /// How many of the entries found are among the nearest, of those whose number `every` divides.
    int hits(float[] question, int every, IntStream found) {
        float[] cosines = sorted(question, every);
        float last = cosines[cosines.length - Math.min(NEAREST, cosines.length)] - TOLERANCE;
        return (int)
                found.filter(i -> i % every == 0 && cosine(question, i) >= last).count();
    }

    private float[] sorted(float[] question, int every) {
        var cosines = new float[(vectors.length + every - 1) / every];
        IntStream.range(0, cosines.length).parallel().forEach(i -> cosines[i] = cosine(question, i * every));
        Arrays.sort(cosines);
        return cosines;
    }

    private float cosine(float[] question, int entry) {
        float[] vector = vectors[entry];
        float sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += question[i] * vector[i];
        }
        return sum;
    }
}
