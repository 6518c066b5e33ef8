package dev.ctxmem.embed;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A text on its way to the embedder, and the place where its vectors will be.
record Job(Lane lane, String text, CompletableFuture<List<float[]>> vectors) {
    Job(Lane lane, String text) {
        this(lane, text, new CompletableFuture<>());
    }
}
