package dev.ctxmem.trace;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Embeddings;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The time that requests wait for their vectors.
final class TracedEmbeddings implements Embeddings {
    private final Embeddings embeddings;
    private final Stages stages;

    TracedEmbeddings(Embeddings embeddings, Stages stages) {
        this.embeddings = embeddings;
        this.stages = stages;
    }

    @Override
    public Optional<EmbeddingModel> model() {
        return embeddings.model();
    }

    @Override
    public Optional<List<float[]>> passage(String text, Duration deadline) {
        return stages.traced("embed entry", () -> embeddings.passage(text, deadline), this::describe);
    }

    @Override
    public Optional<float[]> query(UUID account, String text, Duration deadline) {
        return stages.traced("embed question", () -> embeddings.query(account, text, deadline), this::describe);
    }

    @Override
    public List<List<float[]>> backlog(List<String> texts) {
        return embeddings.backlog(texts);
    }

    private void describe(Span span, Optional<?> vectors) {
        model().ifPresent(model -> span.setAttribute("ctx.embedding.model", model.name()));
        span.setAttribute("ctx.embedding.in_time", vectors.isPresent());
    }
}
