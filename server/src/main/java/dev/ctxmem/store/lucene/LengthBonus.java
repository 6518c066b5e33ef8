package dev.ctxmem.store.lucene;

import org.apache.lucene.index.FieldInvertState;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.util.SmallFloat;

/// Scores a stem by its weight alone, and a little more in an entry with many stems, so that of entries with
/// the same coverage the longer ones come first: they are likelier to be about it. Lucene's statistics, which
/// count other accounts too, do not enter.
///
/// Lucene skips by norms and expects a larger norm to score lower, so a norm is the complement of the length.
final class LengthBonus extends Similarity {
    private static final float BONUS = 0.01f;
    private static final int NORM_MAX = 255;

    private final float[] factors = new float[NORM_MAX + 1];

    LengthBonus() {
        for (int norm = 0; norm <= NORM_MAX; norm++) {
            int length = SmallFloat.byte4ToInt((byte) (NORM_MAX - norm));
            factors[norm] = 1 + BONUS * (float) Math.log1p(length);
        }
    }

    @Override
    public long computeNorm(FieldInvertState state) {
        // A norm of 0 would mean that there is none; no text has as many stems as would make one.
        return (byte) (NORM_MAX - Byte.toUnsignedInt(SmallFloat.intToByte4(state.getUniqueTermCount())));
    }

    @Override
    public SimScorer scorer(float weight, CollectionStatistics collection, TermStatistics... terms) {
        return new SimScorer() {
            @Override
            public float score(float frequency, long norm) {
                return weight * factors[Byte.toUnsignedInt((byte) norm)];
            }
        };
    }
}
