package dev.ctxmem.embed;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/// An embedder that a test holds in its hands: it can be stopped, fail, answer nonsense, and tells what it was
/// asked.
final class FakeEmbedder implements Embedder {
    static final EmbeddingModel MODEL = new EmbeddingModel("fake", 4);

    /// Texts with this in them are refused.
    static final String POISON = "poison";

    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Semaphore entered = new Semaphore(0);
    private final Semaphore gate = new Semaphore(0);
    private volatile boolean gated;
    private volatile boolean closed;
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile UnaryOperator<List<float[]>> distortion = UnaryOperator.identity();

    /// From now on each call waits until it is [#letOne] or all are [#letAll].
    void stop() {
        gated = true;
    }

    void letOne() {
        gate.release();
    }

    void letAll() {
        gated = false;
        gate.release(1000);
    }

    /// Waits until so many calls more have begun.
    void awaitCalls(int count) {
        entered.acquireUninterruptibly(count);
    }

    void fail(Throwable with) {
        failure = Optional.of(with);
    }

    void recover() {
        failure = Optional.empty();
        distortion = UnaryOperator.identity();
    }

    /// Changes all answers.
    void distort(UnaryOperator<List<float[]>> how) {
        distortion = how;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public EmbeddingModel model() {
        failure.filter(UnknownModel.class::isInstance).ifPresent(FakeEmbedder::sneak);
        return MODEL;
    }

    @Override
    public List<List<float[]>> embedPassages(List<String> texts) {
        return embed(false, texts).stream().map(List::of).toList();
    }

    @Override
    public List<float[]> embedQueries(List<String> texts) {
        return embed(true, texts);
    }

    private List<float[]> embed(boolean queries, List<String> texts) {
        calls.add(new Call(queries, texts, Thread.currentThread()));
        entered.release();
        if (gated) {
            gate.acquireUninterruptibly();
        }
        failure.ifPresent(FakeEmbedder::sneak);
        if (texts.stream().anyMatch(text -> text.contains(POISON))) {
            throw new IllegalArgumentException("refused");
        }
        return distortion.apply(
                new ArrayList<>(texts.stream().map(FakeEmbedder::vector).toList()));
    }

    /// Depends on the text's length alone.
    static float[] vector(String text) {
        double angle = text.length();
        return new float[] {(float) Math.cos(angle), (float) Math.sin(angle), 0, 0};
    }

    private static void sneak(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /// One call: of questions or passages, with these texts, on this thread.
    record Call(boolean queries, List<String> texts, Thread thread) {}

    /// The provider is needed to know the model, and is down.
    static final class UnknownModel extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;
    }
}
