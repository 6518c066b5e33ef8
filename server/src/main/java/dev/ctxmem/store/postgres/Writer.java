package dev.ctxmem.store.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ctxmem.core.MemoryException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Changes accounts. Writes of one account go one after the other, because each takes the next revision, and a
/// commit takes an fsync; so those that wait for the one before them then share a transaction: one of the waiting
/// callers does the work for all.
///
/// A write that is refused has changed nothing and leaves its neighbours alone. Where the database itself refuses a
/// statement, the transaction is lost, and its writes are done again one by one. Thread-safe.
final class Writer {
    private final Database database;
    private final int writesPerCommit;
    private final Duration waitMax;
    private final Semaphore waiters;
    private final Runnable beforeRetry;
    private final Cache<UUID, Lane> lanes = Caffeine.newBuilder().weakValues().build();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();

    /// `beforeRetry` forgets what may have been wrong.
    Writer(Database database, PostgresSettings settings, Runnable beforeRetry) {
        this.database = database;
        writesPerCommit = settings.writesPerCommit();
        waitMax = settings.waitMax();
        waiters = new Semaphore(settings.waitersMax());
        this.beforeRetry = beforeRetry;
    }

    /// Returns once the write is committed. `work` may be called again: it must keep nothing.
    <T> T write(UUID account, Function<Transaction, T> work) {
        if (database.isClosed()) {
            throw Failures.unavailable("The store is closed.", null);
        }
        if (!waiters.tryAcquire()) {
            throw Failures.overloaded("Too many writes wait.");
        }
        try {
            var write = new Write<>(work);
            lanes.get(account, Lane::new).take(write);
            return write.result();
        } finally {
            waiters.release();
        }
    }

    long commits() {
        return commits.get();
    }

    long writes() {
        return writes.get();
    }

    /// The writes of one account, in their order.
    private final class Lane {
        private final UUID account;
        private final ArrayDeque<Write<?>> waiting = new ArrayDeque<>();
        private boolean busy;

        Lane(UUID account) {
            this.account = account;
        }

        void take(Write<?> write) {
            boolean leads;
            synchronized (this) {
                waiting.add(write);
                leads = !busy;
                busy = true;
            }
            if (leads || waitsToLead(write)) {
                lead();
            }
        }

        /// False when another caller has done the write.
        private boolean waitsToLead(Write<?> write) {
            try {
                return write.turn.get(waitMax.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                synchronized (this) {
                    if (!write.turn.isDone() && waiting.remove(write)) {
                        throw Failures.overloaded("Too many writes of this account wait.");
                    }
                }
                return write.turn.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return write.turn.join();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Does what waits, and leaves the rest to the first of those who came meanwhile.
        private void lead() {
            var group = new ArrayList<Write<?>>();
            synchronized (this) {
                while (group.size() < writesPerCommit && !waiting.isEmpty()) {
                    group.add(waiting.remove());
                }
            }
            try {
                commit(account, group);
            } finally {
                synchronized (this) {
                    Write<?> next = waiting.peek();
                    busy = next != null;
                    if (next != null) {
                        next.turn.complete(true);
                    }
                }
                group.forEach(write -> write.turn.complete(false));
            }
        }
    }

    private void commit(UUID account, List<Write<?>> group) {
        try {
            if (group.size() == 1 || !committedTogether(account, group)) {
                group.forEach(write -> commitAlone(account, write));
            }
        } catch (Error e) {
            group.forEach(write -> write.fail(Failures.unavailable("The server is short of resources.", e)));
            throw e;
        } catch (RuntimeException e) {
            // The database went away before the retry. Nobody of the group has an answer yet, and all wait for one.
            group.forEach(write -> write.fail(e));
        }
    }

    private boolean committedTogether(UUID account, List<Write<?>> group) {
        try {
            database.once(session -> {
                var transaction = new Transaction(session, account);
                group.forEach(write -> write.attempt(transaction));
                return true;
            });
            count(group.size());
            return true;
        } catch (FailedStatement e) {
            boolean isUnknown = Failures.state(e.failure()).startsWith("08");
            if (isUnknown) {
                group.forEach(write -> write.fail(Failures.of(e.failure())));
            }
            beforeRetry.run();
            return isUnknown;
        } catch (MemoryException e) {
            group.forEach(write -> write.fail(e));
            return true;
        }
    }

    private void commitAlone(UUID account, Write<?> write) {
        try {
            database.retried(() -> {
                try {
                    return database.once(session -> {
                        write.attempt(new Transaction(session, account));
                        return true;
                    });
                } catch (FailedStatement e) {
                    beforeRetry.run();
                    throw e;
                }
            });
            count(1);
        } catch (RuntimeException e) {
            write.fail(e);
        }
    }

    private void count(int done) {
        commits.incrementAndGet();
        writes.addAndGet(done);
    }

    /// One caller's write. `turn`: true to do what waits, false when this write is done.
    private static final class Write<T> {
        private final Function<Transaction, T> work;
        private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
        private volatile CompletableFuture<T> outcome = new CompletableFuture<>();

        Write(Function<Transaction, T> work) {
            this.work = work;
        }

        /// A refusal is an outcome; what the database refuses ends the transaction.
        void attempt(Transaction transaction) {
            var attempted = new CompletableFuture<T>();
            try {
                attempted.complete(work.apply(transaction));
            } catch (FailedStatement e) {
                throw e;
            } catch (RuntimeException e) {
                attempted.completeExceptionally(e);
            }
            outcome = attempted;
        }

        void fail(RuntimeException failure) {
            var failed = new CompletableFuture<T>();
            failed.completeExceptionally(failure);
            outcome = failed;
        }

        T result() {
            try {
                return outcome.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
