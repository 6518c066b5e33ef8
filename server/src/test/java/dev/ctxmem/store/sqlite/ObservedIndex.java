package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.Words;
import dev.ctxmem.store.ExactIndex;
import dev.ctxmem.store.SearchIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An exact index that outlives its store, counts what it is told, can be held up, can lie, and can fail.
/// Thread-safe.
final class ObservedIndex implements SearchIndex {
    private final ExactIndex exact;
    final AtomicInteger changes = new AtomicInteger();
    final AtomicInteger clears = new AtomicInteger();
    final AtomicInteger failuresOfApply = new AtomicInteger();
    final AtomicInteger failuresOfCandidates = new AtomicInteger();

    /// Rows that it names beside what it has found.
    final List<Long> lies = new CopyOnWriteArrayList<>();

    /// Apply waits for this gate.
    volatile CountDownLatch gate = new CountDownLatch(0);

    ObservedIndex(Words words) {
        exact = new ExactIndex(words);
    }

    @Override
    public long durableSequence() {
        return exact.durableSequence();
    }

    @Override
    public void apply(List<Change> applied, long sequence) {
        await(gate);
        failIf(failuresOfApply);
        changes.addAndGet(applied.size());
        exact.apply(applied, sequence);
    }

    @Override
    public void commit() {
        exact.commit();
    }

    @Override
    public void clear() {
        clears.incrementAndGet();
        exact.clear();
    }

    @Override
    public Candidates candidates(Query query) {
        failIf(failuresOfCandidates);
        Candidates candidates = exact.candidates(query);
        var all = new ArrayList<>(candidates.candidates());
        lies.forEach(row -> all.add(new Candidate(row, 1, 1)));
        return new Candidates(candidates.documents(), candidates.frequencies(), all);
    }

    @Override
    public void close() {}

    private static void failIf(AtomicInteger failures) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new UncheckedIOException(new IOException("the index is damaged"));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
