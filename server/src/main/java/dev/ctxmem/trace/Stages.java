package dev.ctxmem.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The stages of the request of a thread, each a span below the request's. What is done for no request, or for
/// one that is not traced, is done without.
final class Stages {
    private final Tracer tracer;
    private final LongSupplier epochNanos;

    /// `epochNanos` is the time that spans are stamped with.
    Stages(Tracer tracer, LongSupplier epochNanos) {
        this.tracer = tracer;
        this.epochNanos = epochNanos;
    }

    <T> T traced(String name, Supplier<T> work) {
        return traced(name, work, (span, result) -> {});
    }

    /// `describe` adds what the result tells about the stage.
    <T> T traced(String name, Supplier<T> work, Description<T> describe) {
        if (!isTraced()) {
            return work.get();
        }
        Span span = tracer.spanBuilder(name).startSpan();
        try (var _ = span.makeCurrent()) {
            T result = work.get();
            describe.accept(span, result);
            return result;
        } catch (RuntimeException | Error e) {
            failed(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    /// A stage that is over already.
    void past(String name, long startEpochNanos, long endEpochNanos, Consumer<Span> describe) {
        Span span = tracer.spanBuilder(name)
                .setStartTimestamp(startEpochNanos, TimeUnit.NANOSECONDS)
                .startSpan();
        describe.accept(span);
        span.end(endEpochNanos, TimeUnit.NANOSECONDS);
    }

    boolean isTraced() {
        return Span.current().isRecording();
    }

    long now() {
        return epochNanos.getAsLong();
    }

    /// The kind of the failure, never its text: that may quote what a caller wrote.
    private static void failed(Span span, Throwable cause) {
        span.setStatus(StatusCode.ERROR);
        span.addEvent(
                "exception",
                Attributes.builder()
                        .put("exception.type", cause.getClass().getName())
                        .build());
    }

    /// What a stage's result tells about it.
    @FunctionalInterface
    interface Description<T> {
        void accept(Span span, T result);
    }
}
