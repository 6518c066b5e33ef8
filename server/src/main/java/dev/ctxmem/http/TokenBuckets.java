package dev.ctxmem.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ctxmem.memory.RateLimiter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A [RateLimiter] that counts in this process: one token bucket per name, refilled evenly. Thread-safe.
///
/// Buckets are bounded in number; one that is forgotten under that pressure starts full again.
public final class TokenBuckets implements RateLimiter {
    private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int BUCKETS_MAX = 100_000;

    private final Cache<String, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(BUCKETS_MAX).build();
    private final LongSupplier nanoTime;
    private final double firstFill;

    /// `nanoTime` is a monotonic clock, as [System#nanoTime].
    public TokenBuckets(LongSupplier nanoTime) {
        this(nanoTime, 1);
    }

    private TokenBuckets(LongSupplier nanoTime, double firstFill) {
        this.nanoTime = nanoTime;
        this.firstFill = firstFill;
    }

    /// With buckets that begin with half a second's worth, one request at least: for counting on where somebody else
    /// has counted before.
    public static TokenBuckets nearlyEmpty(LongSupplier nanoTime) {
        return new TokenBuckets(nanoTime, 0.5 / Duration.ofMinutes(1).toSeconds());
    }

    @Override
    public Decision take(String name, long perMinute) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.get(name, absent -> new Bucket(Math.max(1, perMinute * firstFill), now));
        return bucket.take(perMinute, now);
    }

    private static final class Bucket {
        private double tokens;
        private long refilledAt;

        Bucket(double tokens, long now) {
            this.tokens = tokens;
            this.refilledAt = now;
        }

        synchronized Decision take(long perMinute, long now) {
            double capacity = (double) perMinute;
            long passed = Math.max(0, now - refilledAt);
            tokens = Math.min(capacity, tokens + passed / NANOS_PER_MINUTE * capacity);
            refilledAt += passed;
            boolean allowed = tokens >= 1;
            if (allowed) {
                tokens--;
            }
            return new Decision(
                    allowed,
                    (long) tokens,
                    timeFor(1 - tokens, capacity),
                    timeFor(capacity - tokens, capacity),
                    perMinute);
        }

        private static Duration timeFor(double missing, double perMinute) {
            return missing <= 0
                    ? Duration.ZERO
                    : Duration.ofNanos((long) Math.ceil(missing * NANOS_PER_MINUTE / perMinute));
        }
    }
}
