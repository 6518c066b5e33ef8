package dev.ctxmem.store.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The reading connections, and the threads for reads that take longer than a moment.
///
/// A native call holds the carrier of a virtual thread. [#point] runs on the caller's thread all the same,
/// because a read by key takes some ten microseconds and waits for nobody; everything else goes through
/// [#queued] to platform threads.
final class Readers implements AutoCloseable {
    private static final long CONNECTION_WAIT_MILLIS = 1_000;

    /// A permit stands for a session in some slot. The first slots are tried first: their caches are warm.
    private final Semaphore permits;

    private final AtomicReferenceArray<@Nullable Session> slots;
    private final ThreadPoolExecutor pool;

    Readers(SqliteSettings settings, Supplier<Session> sessions) {
        int count = settings.pointReaders() + settings.readers();
        permits = new Semaphore(count);
        slots = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            slots.set(i, sessions.get());
        }
        pool = new ThreadPoolExecutor(
                settings.readers(),
                settings.readers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.readQueue()),
                Thread.ofPlatform().name("ctx-reader-", 1).factory());
    }

    /// One short statement, on the caller's thread.
    <T extends @Nullable Object> T point(Function<Session, T> read) {
        Session session = acquire();
        try {
            return read.apply(session);
        } finally {
            release(session);
        }
    }

    /// Any read, on a thread of the pool; OVERLOADED when too many wait.
    <T extends @Nullable Object> T queued(Function<Session, T> read) {
        try {
            return CompletableFuture.supplyAsync(() -> point(read), pool).join();
        } catch (RejectedExecutionException e) {
            throw pool.isShutdown()
                    ? Failures.unavailable("The store is closed.", e)
                    : Failures.overloaded("Too many reads are waiting.");
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Reads of one and the same state, on a thread of the pool.
    <T extends @Nullable Object> T snapshot(Function<Session, T> reads) {
        return queued(session -> session.snapshot(reads));
    }

    int queueLength() {
        return pool.getQueue().size();
    }

    /// Ends the threads behind what is queued, and closes every connection.
    @Override
    public void close() {
        pool.close();
        permits.acquireUninterruptibly(slots.length());
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            Session session = slots.getAndSet(i, null);
            if (session != null) {
                sessions.add(session);
            }
        }
        sessions.forEach(Session::close);
    }

    private Session acquire() {
        if (pool.isTerminated()) {
            throw Failures.unavailable("The store is closed.", null);
        }
        try {
            if (!permits.tryAcquire() && !permits.tryAcquire(CONNECTION_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw Failures.overloaded("Too many reads are running.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unavailable("The read was interrupted.", e);
        }
        while (true) {
            for (int i = 0; i < slots.length(); i++) {
                Session session = slots.getAndSet(i, null);
                if (session != null) {
                    return session;
                }
            }
            // A session came back to a slot that this round had passed.
            Thread.onSpinWait();
        }
    }

    private void release(Session session) {
        for (int i = 0; !slots.compareAndSet(i, null, session); i = (i + 1) % slots.length()) {
            // A slot is free: there are as many as sessions.
        }
        permits.release();
    }
}
