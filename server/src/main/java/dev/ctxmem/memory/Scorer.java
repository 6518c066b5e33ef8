package dev.ctxmem.memory;

import dev.ctxmem.core.Explanation;

/// Turns the features of a candidate into its similarity. Pure, thread-safe, the same for every store.
public interface Scorer {
    /// 0 to 1.
    double similarity(Features features);

    Explanation explain(Features features);
}
