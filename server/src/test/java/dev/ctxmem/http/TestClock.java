package dev.ctxmem.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// The system's time, plus what a test adds to it.
final class TestClock implements InstantSource {
    private final AtomicLong addedNanos = new AtomicLong();

    void advance(Duration duration) {
        addedNanos.addAndGet(duration.toNanos());
    }

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plusNanos(addedNanos.get());
    }

    long nanoTime() {
        return System.nanoTime() + addedNanos.get();
    }
}
