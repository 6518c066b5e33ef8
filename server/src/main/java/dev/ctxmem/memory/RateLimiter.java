package dev.ctxmem.memory;

import java.time.Duration;

/// Says whether a caller may go on now. The local one counts in this process; a shared one counts over all
/// instances. Thread-safe.
public interface RateLimiter {
    /// Takes one request from the bucket `name`, which refills to `perMinute` in a minute and holds at most
    /// that many.
    Decision take(String name, long perMinute);

    /// `remaining` requests can follow at once; when not `allowed`, one can after `retryAfter`. `reset` is the
    /// time until the bucket is full again. `perMinute` is the limit that was held to: less than what was asked for
    /// while instances count each for itself.
    record Decision(boolean allowed, long remaining, Duration retryAfter, Duration reset, long perMinute) {}
}
