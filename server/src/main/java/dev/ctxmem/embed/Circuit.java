package dev.ctxmem.embed;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/// Knows whether it is worth a caller's time to wait for the provider. It opens after [#FAILURES_MAX] failures
/// in a row; then, each time it has been open for a while, one probe decides whether it closes or stays open
/// for twice as long. Thread-safe.
final class Circuit {
    static final int FAILURES_MAX = 5;
    static final Duration OPEN_MIN = Duration.ofSeconds(1);
    static final Duration OPEN_MAX = Duration.ofSeconds(30);

    private final Ticker ticker;
    private int failures;
    private boolean open;
    private boolean probing;
    private long probeAtNanos;
    private Duration openFor = OPEN_MIN;

    Circuit(Ticker ticker) {
        this.ticker = ticker;
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized void succeeded() {
        if (!open) {
            failures = 0;
        }
    }

    /// True when this failure opened the circuit.
    synchronized boolean failed() {
        failures++;
        if (open || failures < FAILURES_MAX) {
            return false;
        }
        open = true;
        openFor = OPEN_MIN;
        probeAtNanos = ticker.read() + openFor.toNanos();
        return true;
    }

    /// Open at once and for no less than `time` (at most [#OPEN_MAX]): the provider said so itself. True when
    /// this opened the circuit.
    synchronized boolean failedFor(Duration time) {
        boolean opened = !open;
        open = true;
        openFor = clamp(time);
        probeAtNanos = ticker.read() + openFor.toNanos();
        return opened;
    }

    /// How long until a probe is due; [#OPEN_MAX] when there is nothing to probe.
    synchronized Duration untilProbe() {
        if (!open || probing) {
            return OPEN_MAX;
        }
        return Duration.ofNanos(Math.max(0, probeAtNanos - ticker.read()));
    }

    /// True for the one caller who is to probe now; it must call [#probed].
    synchronized boolean claimProbe() {
        if (open && !probing && probeAtNanos - ticker.read() <= 0) {
            probing = true;
            return true;
        }
        return false;
    }

    synchronized void probed(boolean success) {
        probing = false;
        if (success) {
            open = false;
            failures = 0;
        } else {
            openFor = clamp(openFor.multipliedBy(2));
            probeAtNanos = ticker.read() + openFor.toNanos();
        }
    }

    private static Duration clamp(Duration time) {
        if (time.compareTo(OPEN_MIN) < 0) {
            return OPEN_MIN;
        }
        return time.compareTo(OPEN_MAX) > 0 ? OPEN_MAX : time;
    }
}
