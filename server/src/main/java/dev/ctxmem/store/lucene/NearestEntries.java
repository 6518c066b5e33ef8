package dev.ctxmem.store.lucene;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The entries with the largest cosines among those offered; the vectors of an entry are offered one after the
/// other, and its best one counts. Of equal ones the first stays.
final class NearestEntries {
    private final int limit;
    private final PriorityQueue<Near> farthestFirst = new PriorityQueue<>(
            Comparator.comparingDouble(Near::cosine).thenComparing(Near::entry, Comparator.reverseOrder()));
    private @Nullable Near current;
    private float floor = Float.NEGATIVE_INFINITY;

    NearestEntries(int limit) {
        this.limit = limit;
    }

    /// Whether a vector with this cosine can still matter.
    boolean wants(float cosine) {
        return cosine > floor;
    }

    void offer(int entry, float cosine) {
        Near best = current;
        if (best == null || best.entry != entry) {
            settle();
            current = new Near(entry, cosine);
        } else if (cosine > best.cosine) {
            current = new Near(entry, cosine);
        }
    }

    int size() {
        settle();
        return farthestFirst.size();
    }

    void addTo(CandidateSet candidates) {
        settle();
        farthestFirst.forEach(near -> candidates.add(near.entry));
    }

    private void settle() {
        if (current == null) {
            return;
        }
        farthestFirst.add(current);
        current = null;
        if (farthestFirst.size() > limit) {
            farthestFirst.remove();
        }
        if (farthestFirst.size() == limit) {
            floor = farthestFirst.element().cosine;
        }
    }

    private record Near(int entry, float cosine) {}
}
