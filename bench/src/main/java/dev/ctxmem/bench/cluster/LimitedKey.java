package dev.ctxmem.bench.cluster;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// A key that asks for more than it may, over all servers: what it gets is the limit.
final class LimitedKey {
    static final int PER_MINUTE = 6_000;

    private static final double PER_SECOND = PER_MINUTE / 60.0;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double EXACTNESS = 0.01;
    private static final int CALLERS = 6;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Endpoint endpoint;
    private final String key;
    private final Findings findings;

    LimitedKey(Endpoint endpoint, String key, Findings findings) {
        this.endpoint = endpoint;
        this.key = key;
        this.findings = findings;
    }

    /// Takes what the key may have at once.
    void drain() {
        IntStream.range(0, CALLERS).parallel().forEach(caller -> {
            try (var memories = new HttpMemories(endpoint, key)) {
                while (isAdmitted(memories)) {
                    // the next one
                }
            }
        });
    }

    /// Asks until `stopped`.
    Admitted ask(AtomicBoolean stopped) {
        var admitted = new AtomicLong();
        var asked = new AtomicLong();
        long start = System.nanoTime();
        var callers = IntStream.range(0, CALLERS)
                .mapToObj(caller -> Thread.ofPlatform().start(() -> {
                    try (var memories = new HttpMemories(endpoint, key)) {
                        while (!stopped.get()) {
                            asked.incrementAndGet();
                            if (isAdmitted(memories)) {
                                admitted.incrementAndGet();
                            }
                            LockSupport.parkNanos(PAUSE_NANOS);
                        }
                    }
                }))
                .toList();
        for (Thread caller : callers) {
            try {
                caller.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return new Admitted(admitted.get(), asked.get(), (System.nanoTime() - start) / NANOS_PER_SECOND);
    }

    private boolean isAdmitted(HttpMemories memories) {
        try {
            memories.namespaces();
            return true;
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.RATE_LIMITED) {
                findings.wrong(Findings.Wrong.FAILED_REQUESTS, "of the limited key: " + e.code() + " " + e.detail());
            }
            return false;
        }
    }

    /// What came of asking for so many seconds with a bucket that was empty.
    record Admitted(long count, long asked, double seconds) {
        /// What the limit admits in that time.
        double allowed() {
            return PER_SECOND * seconds;
        }

        /// Within one percent, and a second's worth of its share for each change of a server between Redis and its
        /// share.
        boolean isWithin(long changes, int servers) {
            return count <= (allowed() + changes * PER_SECOND / servers) * (1 + EXACTNESS);
        }

        boolean isAllOf() {
            return count >= allowed() * (1 - EXACTNESS) - 1;
        }
    }
}
