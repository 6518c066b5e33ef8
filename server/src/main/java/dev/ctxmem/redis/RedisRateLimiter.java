package dev.ctxmem.redis;

import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.redis.RedisScript.RedisFailure;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [RateLimiter] that counts over all instances, in Redis: one script, Redis's own clock, nothing that outlives its
/// use.
///
/// Where Redis does not answer within [#ANSWER_MAX], each instance counts for itself, with its share of every limit,
/// until Redis is back. Instances know how many they are by a heartbeat in Redis; without it the last known number
/// counts. What a limit admits in a window is at most limit · window + burst at any time, but for a second's worth at
/// a change from one to the other. Thread-safe.
public final class RedisRateLimiter implements RateLimiter, AutoCloseable {
    static final Duration ANSWER_MAX = Duration.ofMillis(200);

    private static final Logger LOG = System.getLogger(RedisRateLimiter.class.getName());

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration GONE_AFTER = Duration.ofSeconds(3);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

    /// A shorter time without Redis admits no more than the second that a change may.
    private static final Duration UNCOUNTED_MAX = Duration.ofSeconds(1);

    private static final String PREFIX = "ctx:rate:";
    private static final String EPOCH = PREFIX + "epoch";
    private static final String INSTANCES = PREFIX + "instances";

    private final RedisClient client;
    private final RedisScript take = new RedisScript("take.lua", ANSWER_MAX);
    private final RedisScript beat = new RedisScript("beat.lua", ANSWER_MAX.multipliedBy(2));
    private final Supplier<RateLimiter> local;
    private final LongSupplier nanoTime;
    private final String instance;
    private final ScheduledExecutorService heart;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile int instances = 1;
    private volatile @Nullable Outage outage;

    private RedisRateLimiter(RedisURI address, String instance, Supplier<RateLimiter> local, LongSupplier nanoTime) {
        this.local = local;
        this.nanoTime = nanoTime;
        this.instance = instance;
        address.setTimeout(CONNECT_MAX);
        client = RedisClient.create(address);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(CONNECT_MAX).build())
                .build());
        heart = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("redis-heartbeat").daemon().factory());
    }

    /// Starts whether Redis answers or not. `local` makes a limiter in this process whose buckets begin with a
    /// second's worth, one for each time without Redis. IllegalArgumentException for what is no address.
    ///
    /// @param instance names this process among the others
    /// @param nanoTime a monotonic clock, as [System#nanoTime]
    public static RedisRateLimiter start(
            String url, String instance, Supplier<RateLimiter> local, LongSupplier nanoTime) {
        var limiter = new RedisRateLimiter(RedisURI.create(url), instance, local, nanoTime);
        limiter.beat();
        var _ = limiter.heart.scheduleWithFixedDelay(
                limiter::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return limiter;
    }

    @Override
    public Decision take(String name, long perMinute) {
        Outage now = outage;
        StatefulRedisConnection<String, String> redis = connection;
        if (now == null && redis != null) {
            try {
                List<Long> answer = take.call(redis, new String[] {PREFIX + name, EPOCH}, Long.toString(perMinute));
                return new Decision(
                        answer.get(0) == 1, answer.get(1), micros(answer.get(2)), micros(answer.get(3)), perMinute);
            } catch (RedisFailure e) {
                now = lost(e);
            }
        }
        RateLimiter own = now == null ? lost(null).limiter : now.limiter;
        return own.take(name, Math.max(1, perMinute / instances));
    }

    /// How many instances share the limits, as far as this one knows.
    int instances() {
        return instances;
    }

    boolean isCounting() {
        return outage == null && connection != null;
    }

    @Override
    public void close() {
        heart.shutdownNow();
        client.shutdown(Duration.ZERO, CONNECT_MAX);
    }

    private void beat() {
        try {
            StatefulRedisConnection<String, String> redis = connection;
            if (redis == null) {
                redis = client.connect();
                connection = redis;
            }
            Outage before = outage;
            boolean reset = before != null && nanoTime.getAsLong() - before.since > UNCOUNTED_MAX.toNanos();
            List<Long> count = beat.call(
                    redis,
                    new String[] {INSTANCES, EPOCH},
                    instance,
                    Long.toString(TimeUnit.NANOSECONDS.toMicros(GONE_AFTER.toNanos())),
                    reset ? "1" : "0");
            instances = Math.max(1, Math.toIntExact(count.getFirst()));
            if (before != null) {
                outage = null;
                LOG.log(Level.INFO, "Redis answers again: rate limits are counted over all instances.");
            }
        } catch (RuntimeException e) {
            lost(e);
        }
    }

    private synchronized Outage lost(@Nullable Throwable cause) {
        Outage now = outage;
        if (now == null) {
            now = new Outage(nanoTime.getAsLong(), local.get());
            outage = now;
            LOG.log(
                    Level.WARNING,
                    "Redis does not answer: rate limits are counted in this process, 1/" + instances + " of each.");
            LOG.log(Level.DEBUG, "Redis failed.", cause);
        }
        return now;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    /// A time without Redis.
    private record Outage(long since, RateLimiter limiter) {}
}
