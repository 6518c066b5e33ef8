package dev.ctxmem.store.lucene;

/// From where on vectors are searched by a graph instead of being scanned, in bytes of [PackedVector]s.
///
/// @param scopeBytes size of a scope that is still scanned
/// @param segmentBytes size from which a segment has a graph
record GraphLimits(long scopeBytes, long segmentBytes) {
    /// With dimension 384: scopes of 100,000 vectors, some ten milliseconds, and segments of 50,000.
    static final GraphLimits DEFAULT = new GraphLimits(40_000_000, 20_000_000);

    GraphLimits {
        if (scopeBytes < 0 || segmentBytes < 1) {
            throw new IllegalArgumentException("limits " + scopeBytes + " and " + segmentBytes);
        }
    }

    /// How many vectors of `bytes` each are a large scope.
    long scopeVectors(int bytes) {
        return scopeBytes / bytes;
    }

    /// How many vectors of `bytes` each make a graph.
    long segmentVectors(int bytes) {
        return segmentBytes / bytes;
    }
}
