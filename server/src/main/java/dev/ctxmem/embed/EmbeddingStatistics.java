package dev.ctxmem.embed;

import java.time.Duration;

/// What the [Batcher] did since its start, for metrics. `queued` texts wait now; `embedded` texts got their
/// vectors; `failures` counts calls that the provider failed; `late` and `refused` texts went without because
/// their deadline passed, or at once because the queue was full or the provider had been failing
/// (`circuitOpen`, now); `cacheHits` and `cacheMisses` count questions, and
/// `questionWait` is how long searches waited for those that were not known, together.
public record EmbeddingStatistics(
        int queued,
        long embedded,
        long failures,
        long late,
        long refused,
        boolean circuitOpen,
        long cacheHits,
        long cacheMisses,
        Duration questionWait) {}
