package dev.ctxmem.store.flat;

import org.jspecify.annotations.Nullable;

/// What a search asks of every entry, side by side: most entries are done with before the entry itself is looked at.
record Columns(int[] firstVectors, int[] vectorCounts, float[] wordWeights, int[] keyHashes) {
    static Columns of(@Nullable Held[] entries) {
        var columns = new Columns(
                new int[entries.length], new int[entries.length], new float[entries.length], new int[entries.length]);
        for (int i = 0; i < entries.length; i++) {
            Held entry = entries[i];
            if (entry != null) {
                columns.firstVectors[i] = entry.firstVector();
                columns.vectorCounts[i] = entry.vectors();
                columns.wordWeights[i] = entry.wordWeight();
                columns.keyHashes[i] = entry.head().key().hashCode();
            }
        }
        return columns;
    }

    long bytes() {
        return (long) firstVectors.length * (3 * Integer.BYTES + Float.BYTES);
    }

    /// Of the best chunk; NaN where no vector has a direction.
    float cosine(int entry, float[] cosines) {
        int first = firstVectors[entry];
        int end = first + vectorCounts[entry];
        float best = Float.NaN;
        for (int i = first; i < end; i++) {
            if (!(cosines[i] <= best) && !Float.isNaN(cosines[i])) {
                best = cosines[i];
            }
        }
        return best;
    }
}
