package dev.ctxmem.store.sqlite;

import dev.ctxmem.store.SearchIndex;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The one thread that keeps the search index up to date. It does not queue changes, it pulls them: the rows
/// whose sequence is past what the index has. Following the writer, catching up after a crash and rebuilding a
/// lost index are therefore one and the same loop, and nothing but the current state of an entry is ever held
/// in memory.
///
/// A search sees everything that was committed before it began ([#awaitVisible]), which holds once a round of
/// [IndexReader] has come to the end. A feed that is far behind comes there round by round; searches wait meanwhile,
/// reads by key and writes go on.
///
/// When the index throws, it is cleared and rebuilt.
final class IndexFeed implements AutoCloseable {
    /// A round takes so many times [SqliteSettings#indexLagMax] changes: writes wait before there are as many, so
    /// that a feed that keeps up ends every round.
    private static final int ROUND_FACTOR = 4;

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final SearchIndex index;
    private final IndexReader reader;
    private final StoreAlarms alarms;
    private final SqliteSettings settings;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private volatile long committed;
    private volatile long visible;
    private volatile long durable;
    private boolean farBehind;
    private boolean rebuildAsked;
    private boolean closing;

    /// What the index thread has applied; past `visible` while it is far behind.
    private long applied;

    private long lastCommitNanos = System.nanoTime();

    /// Starts behind `committed`, the store's sequence, from what is durable in the index.
    IndexFeed(SearchIndex index, IndexReader reader, StoreAlarms alarms, SqliteSettings settings, long committed) {
        this.index = index;
        this.reader = reader;
        this.alarms = alarms;
        this.settings = settings;
        this.committed = committed;
        applied = index.durableSequence();
        // An index that is ahead belongs to a later state of the data: an older copy was restored.
        rebuildAsked = applied > committed || (applied == 0 && committed > 0);
        visible = rebuildAsked ? -1 : applied;
        durable = applied;
        farBehind = rebuildAsked;
        thread = Thread.ofPlatform().name("ctx-index").start(this::run);
    }

    /// By the writer: everything up to here is committed.
    void committed(long sequence) {
        lock.lock();
        try {
            committed = sequence;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /// By the writer: waits while the index is too many changes behind, unless it is being rebuilt.
    void awaitRoom() {
        if (committed - visible <= settings.indexLagMax()) {
            return;
        }
        lock.lock();
        try {
            while (!farBehind && !closing && committed - visible > settings.indexLagMax()) {
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the index shows everything that is committed now. UNAVAILABLE when that takes longer than
    /// [SqliteSettings#searchWaitMax].
    void awaitVisible() {
        long target = committed;
        if (visible >= target) {
            return;
        }
        lock.lock();
        try {
            long left = settings.searchWaitMax().toNanos();
            while (visible < target) {
                if (left <= 0 || closing) {
                    throw Failures.unavailable("The search index is being rebuilt.", null);
                }
                left = progress.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unavailable("The search was interrupted.", e);
        } finally {
            lock.unlock();
        }
    }

    /// UNAVAILABLE when the index was set back since a search began, and may have answered with less than it had.
    void requireVisible() {
        if (visible < 0) {
            throw Failures.unavailable("The search index is being rebuilt.", null);
        }
    }

    /// The index threw at a question: it is cleared and rebuilt.
    void rebuild(Throwable cause) {
        alarms.indexFailed(cause);
        lock.lock();
        try {
            rebuildAsked = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The sequence up to which the index is durable.
    long durable() {
        return durable;
    }

    long lag() {
        return committed - Math.max(visible, 0);
    }

    /// Shows and makes durable what was committed, then ends. The index itself stays open.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(thread);
    }

    private void run() {
        while (true) {
            boolean last = awaitWork();
            try {
                advance();
                if (last || isCommitDue()) {
                    commit();
                }
            } catch (Throwable e) {
                setBack(e);
            }
            if (last) {
                return;
            }
        }
    }

    /// Waits until there is something to do; true when the store closes.
    private boolean awaitWork() {
        lock.lock();
        try {
            while (!closing && !rebuildAsked && committed == visible && !isCommitDue()) {
                if (durable == applied) {
                    work.awaitUninterruptibly();
                } else {
                    work.awaitNanos(nanosUntilCommit());
                }
            }
            return closing;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the index thread", e);
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        if (takeRebuild()) {
            index.clear();
            applied = 0;
            durable = 0;
        }
        if (applied == committed && applied == visible) {
            return;
        }
        int changesMax = ROUND_FACTOR * settings.indexLagMax();
        IndexReader.Progress reached = reader.feed(index, applied, changesMax);
        applied = reached.sequence();
        publish(reached.isComplete());
    }

    private boolean takeRebuild() {
        lock.lock();
        try {
            boolean asked = rebuildAsked;
            rebuildAsked = false;
            if (asked) {
                visible = -1;
                farBehind = true;
            }
            return asked;
        } finally {
            lock.unlock();
        }
    }

    private void publish(boolean complete) {
        lock.lock();
        try {
            farBehind = !complete;
            if (complete) {
                visible = applied;
            }
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isCommitDue() {
        return durable != applied && nanosUntilCommit() <= 0;
    }

    private long nanosUntilCommit() {
        return lastCommitNanos + settings.indexCommitInterval().toNanos() - System.nanoTime();
    }

    private void commit() {
        index.commit();
        durable = applied;
        lastCommitNanos = System.nanoTime();
    }

    private void setBack(Throwable cause) {
        rebuild(cause);
        lock.lock();
        try {
            visible = -1;
            farBehind = true;
            progress.signalAll();
            long left = RETRY_INTERVAL.toNanos();
            while (left > 0 && !closing) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the index thread", e);
        } finally {
            lock.unlock();
        }
    }
}
