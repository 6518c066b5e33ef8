package dev.ctxmem.embed;

/// How a provider likes to be called: from how many threads, and with how much at once. A text longer than
/// `charactersPerCallMax` goes alone, and no write waits for it.
public record Batching(int threads, int textsPerCallMax, int charactersPerCallMax) {
    private static final int THREADS_MAX = 64;

    public Batching {
        if (threads < 1 || threads > THREADS_MAX || textsPerCallMax < 1 || charactersPerCallMax < 1) {
            throw new IllegalArgumentException(
                    threads + " threads, " + textsPerCallMax + " texts, " + charactersPerCallMax + " characters");
        }
    }
}
