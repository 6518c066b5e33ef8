package dev.ctxmem.bench;

import java.util.List;

/// The middle one of some figures, the upper one of two: what a noisy machine disturbs least.
public final class Median {
    private Median() {}

    /// `figures` has one at least.
    public static double of(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }
}
