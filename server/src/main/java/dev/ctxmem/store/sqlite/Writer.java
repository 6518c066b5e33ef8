package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.MemoryException;
import dev.ctxmem.store.Faults;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one thread that writes. It takes whatever waits in its queue, runs it in one transaction, commits, which
/// is one fsync, and only then answers: while one group is being synced the next one gathers, so that groups
/// grow with the load and a lone write waits for nobody.
///
/// **Neighbours.** A write that is refused before it changed anything is just answered at the end. Where one
/// fails later than that, or the commit does, the group is rolled back and every write of it runs again in a
/// transaction of its own, so that each gets the answer it deserves. That is rare; a savepoint per write would
/// be paid always (it took half as much again as the write itself).
///
/// **Damage.** After an I/O error or a damaged page nothing is written any more: every write answers
/// UNAVAILABLE, and the owner is told, who ends the process. A failed fsync is never repeated, since the kernel
/// may have dropped the pages and report success.
final class Writer implements AutoCloseable {
    private final Session session;
    private final InstantSource clock;
    private final IndexFeed feed;
    private final StoreAlarms alarms;
    private final SqliteSettings settings;
    private final BlockingQueue<Pending<?>> queue;
    private final Thread thread;

    private final Object admission = new Object();
    private boolean closing;
    private long sequence;
    private volatile @Nullable Throwable failure;
    private final AtomicLong groups = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private volatile long walPages;
    private final AtomicLong longReads = new AtomicLong();

    Writer(Session session, InstantSource clock, IndexFeed feed, StoreAlarms alarms, SqliteSettings settings) {
        this.session = session;
        this.clock = clock;
        this.feed = feed;
        this.alarms = alarms;
        this.settings = settings;
        queue = new ArrayBlockingQueue<>(settings.writeQueue());
        sequence = session.number("select value from sequence");
        thread = Thread.ofPlatform().name("ctx-writer").start(this::loop);
    }

    /// Runs a write and waits until it is durable. Throws what the write throws; OVERLOADED when the queue is
    /// full.
    <T> T write(Function<Transaction, T> work) {
        var pending = new Pending<>(work);
        synchronized (admission) {
            if (closing) {
                throw Failures.unavailable("The store is closed.", null);
            }
            if (!queue.offer(pending)) {
                throw Failures.overloaded("Too many writes are waiting.");
            }
        }
        try {
            return pending.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Whether writes are still taken.
    boolean isHealthy() {
        return failure == null;
    }

    int queueLength() {
        return queue.size();
    }

    long groups() {
        return groups.get();
    }

    long writes() {
        return writes.get();
    }

    long walPages() {
        return walPages;
    }

    /// While a read lasts long, nobody is made to wait for the log: it grows instead.
    void longRead(Runnable read) {
        longReads.incrementAndGet();
        try {
            read.run();
        } finally {
            longReads.decrementAndGet();
        }
    }

    /// As [#write], for a write without a result.
    void run(Consumer<Transaction> work) {
        write(transaction -> {
            work.accept(transaction);
            return Boolean.TRUE;
        });
    }

    /// Moves the whole log into the database file and closes the session, once nobody writes or reads any more. After
    /// a failure, before or now, the session stays open until the process ends: SQLite moves the log when its last
    /// session closes, and would sync once more what has failed. The log keeps it all.
    void release() {
        if (isHealthy()) {
            session.list("pragma wal_checkpoint(truncate)", Row::number);
            session.close();
        }
    }

    /// Answers everything that waits, then ends.
    @Override
    public void close() {
        synchronized (admission) {
            closing = true;
        }
        thread.interrupt();
        Threads.join(thread);
    }

    private void loop() {
        var group = new ArrayList<Pending<?>>(settings.writesPerCommit());
        while (take(group)) {
            try {
                feed.awaitRoom();
                runGroup(group);
                if (failure == null) {
                    checkpoint();
                }
            } catch (Throwable e) {
                fail(group, e);
            }
            group.clear();
        }
    }

    /// Fills the group; false when the store closes and nothing is left.
    private boolean take(List<Pending<?>> group) {
        while (queue.drainTo(group, settings.writesPerCommit()) == 0) {
            synchronized (admission) {
                if (closing && queue.isEmpty()) {
                    return false;
                }
            }
            try {
                group.add(queue.take());
                queue.drainTo(group, settings.writesPerCommit() - 1);
                return true;
            } catch (InterruptedException e) {
                // Only close() interrupts; what is queued by now is still written.
            }
        }
        return true;
    }

    private void runGroup(List<Pending<?>> group) {
        if (failure != null) {
            refuse(group, failure);
            return;
        }
        try {
            commit(group);
        } catch (RuntimeException e) {
            session.rollback(e);
            if (Failures.isFatal(e)) {
                fail(group, e);
            } else if (group.size() == 1) {
                group.getFirst().refuse(e);
            } else {
                group.forEach(pending -> runGroup(List.of(pending)));
            }
            return;
        }
        Faults.hit("after-commit-before-ack");
        feed.committed(sequence);
        groups.incrementAndGet();
        writes.addAndGet(group.size());
        group.forEach(Pending::acknowledge);
    }

    private void commit(List<Pending<?>> group) {
        session.update("begin immediate");
        var transaction = new Transaction(session, sequence);
        for (Pending<?> pending : group) {
            transaction.beginWrite(clock.millis());
            pending.run(transaction);
            Faults.hit("between-batch-writes");
        }
        if (transaction.sequence() != sequence) {
            session.update("update sequence set value = :value", transaction.sequence());
        }
        Faults.hit("before-commit");
        session.update("commit");
        sequence = transaction.sequence();
    }

    /// Moves the log into the database file when it has grown long, after the answers are out. It also grows
    /// without end while there is always some reader in it; past a multiple of its usual length new readers
    /// wait a moment.
    private void checkpoint() {
        Log log = session.first("pragma wal_checkpoint(noop)", Log::read);
        if (log == null) {
            return;
        }
        walPages = log.pages;
        if (log.pages - log.moved < settings.walPages()) {
            return;
        }
        Faults.hit("checkpoint");
        boolean starved =
                log.pages > (long) SqliteSettings.WAL_STARVED_FACTOR * settings.walPages() && longReads.get() == 0;
        try {
            session.list(starved ? "pragma wal_checkpoint(restart)" : "pragma wal_checkpoint(passive)", Log::read);
        } catch (MemoryException e) {
            if (Failures.isFatal(e)) {
                throw e;
            }
            // A full disk or a reader in the way: the log keeps what was committed, and a later call tries again.
        }
    }

    private void fail(List<Pending<?>> group, Throwable cause) {
        failure = cause;
        refuse(group, cause);
        alarms.writesStopped(cause);
    }

    private static void refuse(List<Pending<?>> group, Throwable cause) {
        MemoryException answer = Failures.unavailable("Writing has stopped after an error of the disk.", cause);
        group.forEach(pending -> pending.refuse(answer));
    }

    /// The length of the write-ahead log and how much of it is in the database file, in pages.
    private record Log(long pages, long moved) {
        static Log read(Row row) {
            row.number();
            return new Log(row.number(), row.number());
        }
    }

    /// A write with its outcome, held back until the group is durable.
    private static final class Pending<T> {
        private final Function<Transaction, T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable Runnable outcome;

        Pending(Function<Transaction, T> work) {
            this.work = work;
        }

        void run(Transaction transaction) {
            try {
                T result = work.apply(transaction);
                outcome = () -> answer.complete(result);
            } catch (RuntimeException e) {
                if (transaction.changed() || e.getCause() instanceof SQLException) {
                    // SQLite may have ended the whole transaction by itself, on a full disk for one.
                    throw e;
                }
                outcome = () -> answer.completeExceptionally(e);
            }
        }

        void acknowledge() {
            if (outcome != null) {
                outcome.run();
            }
        }

        void refuse(Throwable cause) {
            answer.completeExceptionally(cause);
        }
    }
}
