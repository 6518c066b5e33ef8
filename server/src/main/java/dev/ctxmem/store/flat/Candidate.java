package dev.ctxmem.store.flat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry that a search may find, and what tells how well it fits. `matches` has a bit for each stem of the
/// question that it has; `cosine` is of its best chunk, null without vectors, 0 where they have no direction.
public record Candidate(
        UUID id,
        long revision,
        String key,
        double importance,
        int length,
        long matches,
        @Nullable Double cosine) {
    /// With the exact cosine, from a distance.
    public Candidate withDistance(@Nullable Double distance) {
        return new Candidate(id, revision, key, importance, length, matches, cosine(distance));
    }

    /// A vector without direction has no distance: it is as near as it is far.
    public static @Nullable Double cosine(@Nullable Double distance) {
        if (distance == null) {
            return null;
        }
        return Double.isFinite(distance) ? Math.clamp(1 - distance, -1, 1) : 0.0;
    }
}
