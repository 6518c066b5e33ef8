package dev.ctxmem.trace;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Scorer;

/// When a store has its candidates, and when it has ranked them: a search scores each once, between the two. For
/// one search; a store scores in one thread at a time.
final class TimedScorer implements Scorer {
    private final Scorer scorer;
    private final Stages stages;
    private long candidates;
    private long first;
    private long last;

    TimedScorer(Scorer scorer, Stages stages) {
        this.scorer = scorer;
        this.stages = stages;
    }

    @Override
    public double similarity(Features features) {
        if (candidates == 0) {
            first = stages.now();
        }
        candidates++;
        double similarity = scorer.similarity(features);
        last = stages.now();
        return similarity;
    }

    @Override
    public Explanation explain(Features features) {
        return scorer.explain(features);
    }

    /// The stages of a search that ran from `start` to `end`.
    void tell(long start, long end) {
        if (candidates == 0) {
            stages.past("search candidates", start, end, span -> span.setAttribute("ctx.search.candidates", 0));
            return;
        }
        stages.past("search candidates", start, first, span -> span.setAttribute("ctx.search.candidates", candidates));
        stages.past("search ranking", first, last, span -> {});
        stages.past("search records", last, end, span -> {});
    }
}
