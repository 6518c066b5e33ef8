package dev.ctxmem.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a similarity came about: σ(`bias` + Σ weight · value of the `factors`). `cosine` is the raw one, null
/// where there is no vector.
public record Explanation(
        double bias, List<Factor> factors, @Nullable Double cosine) {
    public Explanation {
        factors = List.copyOf(factors);
    }

    /// One feature of the score.
    public record Factor(String name, double value, double weight) {}
}
