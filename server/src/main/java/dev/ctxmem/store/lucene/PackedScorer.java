package dev.ctxmem.store.lucene;

import dev.ctxmem.store.lucene.PackedVector.Probe;
import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;

/// Compares [PackedVector]s for Lucene's graph: (1 + cosine) / 2, as its own cosine does.
final class PackedScorer implements FlatVectorsScorer {
    @Override
    public RandomVectorScorerSupplier getRandomVectorScorerSupplier(
            VectorSimilarityFunction function, KnnVectorValues values) {
        return new Supplier(values);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction function, KnnVectorValues values, byte[] target) {
        FlatVectorsScorer.checkDimensions(target.length, values.dimension());
        return new Comparison(values, Probe.of(target));
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction function, KnnVectorValues values, float[] target) {
        throw new IllegalArgumentException("packed vectors are bytes");
    }

    /// Never below 0, which Lucene forbids.
    private static float score(float cosine) {
        return Math.max(0, (1 + cosine) / 2);
    }

    static float cosine(float score) {
        return 2 * score - 1;
    }

    @Override
    public String toString() {
        return "PackedScorer";
    }

    private record Supplier(KnnVectorValues values) implements RandomVectorScorerSupplier {
        @Override
        public UpdateableRandomVectorScorer scorer() throws IOException {
            return new Updateable(values);
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Supplier(values.copy());
        }
    }

    private static sealed class Comparison extends RandomVectorScorer.AbstractRandomVectorScorer {
        private final PackedVectors vectors;
        private final Probe probe;

        Comparison(KnnVectorValues values, Probe probe) {
            super(values);
            vectors = new PackedVectors(values);
            this.probe = probe;
        }

        @Override
        public float score(int ordinal) throws IOException {
            return PackedScorer.score(probe.cosine(vectors.read(ordinal)));
        }
    }

    private static final class Updateable extends Comparison implements UpdateableRandomVectorScorer {
        private final PackedVectors targets;
        private final Probe probe;

        Updateable(KnnVectorValues values) throws IOException {
            this(values, new PackedVectors(values.copy()));
        }

        private Updateable(KnnVectorValues values, PackedVectors targets) throws IOException {
            this(values.copy(), targets, new Probe(targets.wordsPerVector()));
        }

        private Updateable(KnnVectorValues values, PackedVectors targets, Probe probe) {
            super(values, probe);
            this.targets = targets;
            this.probe = probe;
        }

        @Override
        public void setScoringOrdinal(int ordinal) throws IOException {
            probe.set(targets.read(ordinal));
        }
    }
}
