package dev.ctxmem.memory;

/// How texts have meaning at one moment: the vectors of one model, and the score that is fitted to it. A write or a
/// search takes it once, so that it never mixes two models.
public record Meaning(Embeddings embeddings, Ranking ranking) {}
