package dev.ctxmem.embed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The texts that wait, in bounded queues, one for each [Lane]. A call takes what waits in the most urgent one;
/// it never waits for more to come. Thread-safe.
final class Lanes {
    static final int QUERIES_MAX = 256;
    static final int PASSAGES_MIN = 64;
    /// Calls' worth of characters that may wait in passages, so that the last of them is still in time.
    private static final int PASSAGE_CALLS_MAX = 4;

    private final Batching batching;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Lane, ArrayDeque<Job>> waiting = new EnumMap<>(Lane.class);
    private long passageCharacters;
    private long wakes;
    private boolean closed;

    Lanes(Batching batching) {
        this.batching = batching;
        for (Lane lane : Lane.values()) {
            waiting.put(lane, new ArrayDeque<>());
        }
    }

    /// False when the job's lane is full, or all are closed.
    boolean offer(Job job) {
        lock.lock();
        try {
            if (closed || isFull(job)) {
                return false;
            }
            queue(job.lane()).addLast(job);
            count(job, 1);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The backlog is bounded by those who wait for it. A text longer than a call goes there: it would keep
    /// others waiting.
    private boolean isFull(Job job) {
        int texts = queue(job.lane()).size();
        int characters = job.text().length();
        int charactersMax = batching.charactersPerCallMax();
        return switch (job.lane()) {
            case QUERY -> texts >= QUERIES_MAX;
            case PASSAGE ->
                texts >= Math.max(PASSAGES_MIN, batching.threads() * batching.textsPerCallMax())
                        || characters > charactersMax
                        || passageCharacters + characters > (long) PASSAGE_CALLS_MAX * charactersMax;
            case BACKLOG -> false;
        };
    }

    /// Takes a job back that nobody works on yet.
    void withdraw(Job job) {
        lock.lock();
        try {
            if (queue(job.lane()).removeFirstOccurrence(job)) {
                count(job, -1);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The jobs of the next call, all of one lane; none when `patience` ends, after [#wake], and when closed.
    List<Job> take(boolean withBacklog, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long wakesBefore = wakes;
            long nanosLeft = patience.toNanos();
            List<Job> jobs = poll(withBacklog);
            while (jobs.isEmpty() && nanosLeft > 0 && wakes == wakesBefore && !closed) {
                nanosLeft = changed.awaitNanos(nanosLeft);
                jobs = poll(withBacklog);
            }
            return jobs;
        } finally {
            lock.unlock();
        }
    }

    private List<Job> poll(boolean withBacklog) {
        for (Lane lane : Lane.values()) {
            ArrayDeque<Job> queue = queue(lane);
            if (!queue.isEmpty() && (withBacklog || lane != Lane.BACKLOG)) {
                return poll(queue);
            }
        }
        return List.of();
    }

    private List<Job> poll(ArrayDeque<Job> queue) {
        var jobs = new ArrayList<Job>();
        long characters = 0;
        while (!queue.isEmpty() && jobs.size() < batching.textsPerCallMax()) {
            characters += queue.getFirst().text().length();
            if (!jobs.isEmpty() && characters > batching.charactersPerCallMax()) {
                break;
            }
            Job job = queue.removeFirst();
            count(job, -1);
            jobs.add(job);
        }
        return jobs;
    }

    /// Makes everyone in [#take] return.
    void wake() {
        lock.lock();
        try {
            wakes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more, and returns what is left.
    List<Job> close() {
        lock.lock();
        try {
            closed = true;
            var left = new ArrayList<Job>();
            waiting.values().forEach(queue -> {
                left.addAll(queue);
                queue.clear();
            });
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Jobs in all lanes.
    int size() {
        lock.lock();
        try {
            return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
        } finally {
            lock.unlock();
        }
    }

    private void count(Job job, int sign) {
        if (job.lane() == Lane.PASSAGE) {
            passageCharacters += (long) sign * job.text().length();
        }
    }

    private ArrayDeque<Job> queue(Lane lane) {
        return Objects.requireNonNull(waiting.get(lane));
    }
}
