package dev.ctxmem.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.http.TokenBuckets;
import dev.ctxmem.memory.RateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P19: three instances and one real Redis admit what one would, whatever happens to Redis.
class P19RateLimitTest {
    private static final int INSTANCES = 3;
    private static final long PER_MINUTE = 6_000;
    private static final double PER_SECOND = PER_MINUTE / 60.0;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int SECONDS = Integer.getInteger("ctx.rate.seconds", 2);

    @TempDir
    Path directory;

    @Test
    void overThreeInstances_theLimitIsOne() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            Load load = new Load(limiters).run(SECONDS * SECOND, () -> {});
            load.requireAtMost(PER_SECOND, 0);
            // A Redis that has just begun gives half a second's worth, then the rate.
            load.requireAtLeast(PER_SECOND * SECONDS);
            assertTrue(limiters.all.stream().allMatch(RedisRateLimiter::isCounting));
        }
    }

    @Test
    void whenRedisIsKilled_eachInstanceTakesItsShare_andNothingIsUnlimited() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            Load load = new Load(limiters).run(4 * SECOND, () -> {
                pause(SECOND);
                redis.kill();
                pause(SECOND + SECOND / 2);
                redis.restart();
            });
            load.requireAtMost(PER_SECOND, 2);
            load.requireAtLeast(PER_SECOND * 2);
            assertEquals(0, load.failures.size(), () -> load.failures.toString());
            await(() -> limiters.all.stream().allMatch(RedisRateLimiter::isCounting));
        }
    }

    @Test
    void whenRedisHangs_callersWaitBrieflyAndOnce() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            Load load = new Load(limiters).run(4 * SECOND, () -> {
                pause(SECOND);
                redis.pause();
                pause(SECOND + SECOND / 2);
                redis.resume();
            });
            load.requireAtMost(PER_SECOND, 2);
            load.requireAtLeast(PER_SECOND * 2);
            assertTrue(load.slow.get() <= 4L * INSTANCES, "slow calls: " + load.slow.get());
        }
    }

    @Test
    void whenRedisForgetsEverything_nothingIsGivenAgain() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            Load load = new Load(limiters).run(3 * SECOND, () -> {
                for (int i = 0; i < 2; i++) {
                    pause(SECOND);
                    redis.flushAll();
                }
            });
            load.requireAtMost(PER_SECOND, 2);
        }
    }

    /// The control: the whole limit for each instance.
    @Test
    void instancesThatDoNotShare_failTheCheck() {
        var alone = new ArrayList<RateLimiter>();
        for (int i = 0; i < INSTANCES; i++) {
            alone.add(TokenBuckets.nearlyEmpty(System::nanoTime));
        }
        Load load = new Load(alone).run(2 * SECOND, () -> {});
        assertThrows(AssertionError.class, () -> load.requireAtMost(PER_SECOND, 0));
    }

    @Test
    void withoutRedis_theSharesAreTold() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            RedisRateLimiter one = limiters.all.getFirst();
            assertEquals(PER_MINUTE, one.take("told", PER_MINUTE).perMinute());
            redis.kill();
            assertEquals(PER_MINUTE / INSTANCES, one.take("told", PER_MINUTE).perMinute());
            assertFalse(one.isCounting());
        }
    }

    @Test
    void aRedisThatWasNeverThere_isWaitedForByNobody() {
        try (var limiter = RedisRateLimiter.start(
                "redis://127.0.0.1:1", "alone", () -> TokenBuckets.nearlyEmpty(System::nanoTime), System::nanoTime)) {
            RateLimiter.Decision first = limiter.take("key", 60);
            assertTrue(first.allowed());
            assertFalse(limiter.take("key", 60).allowed());
            assertEquals(60, first.perMinute());
        }
    }

    @Test
    void aFullBucket_tellsWhenTheNextMayCome() {
        try (var redis = new RedisServer(directory);
                var limiters = new Limiters(redis)) {
            RedisRateLimiter limiter = limiters.all.getFirst();
            RateLimiter.Decision decision = limiter.take("slow", 60);
            assertTrue(decision.allowed());
            assertEquals(0, decision.remaining());
            RateLimiter.Decision refused = limiter.take("slow", 60);
            assertFalse(refused.allowed());
            assertTrue(refused.retryAfter().compareTo(Duration.ofSeconds(1)) <= 0, refused::toString);
            assertTrue(refused.retryAfter().compareTo(Duration.ofMillis(500)) > 0, refused::toString);
            assertTrue(refused.reset().compareTo(Duration.ofSeconds(58)) > 0, refused::toString);
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /// Three instances that know of each other.
    private static final class Limiters implements AutoCloseable {
        private final List<RedisRateLimiter> all = new ArrayList<>();

        Limiters(RedisServer redis) {
            for (int i = 0; i < INSTANCES; i++) {
                all.add(RedisRateLimiter.start(
                        redis.url(),
                        "instance-" + i,
                        () -> TokenBuckets.nearlyEmpty(System::nanoTime),
                        System::nanoTime));
            }
            await(() -> all.stream().allMatch(limiter -> limiter.instances() == INSTANCES));
        }

        @Override
        public void close() {
            all.forEach(RedisRateLimiter::close);
        }
    }

    /// Callers of one key who ask every instance as often as they can.
    private static final class Load {
        private final List<? extends RateLimiter> limiters;
        private final AtomicLong admitted = new AtomicLong();
        private final AtomicLong slow = new AtomicLong();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private long nanos;

        Load(Limiters limiters) {
            this(limiters.all);
        }

        Load(List<? extends RateLimiter> limiters) {
            this.limiters = limiters;
        }

        /// Goes on for `atLeast`, while `events` happen.
        Load run(long atLeast, Runnable events) {
            var stopped = new AtomicBoolean();
            long start = System.nanoTime();
            List<Thread> callers = limiters.stream()
                    .map(limiter -> Thread.ofPlatform().start(() -> call(limiter, stopped)))
                    .toList();
            events.run();
            pause(Math.max(0, start + atLeast - System.nanoTime()));
            stopped.set(true);
            for (Thread caller : callers) {
                try {
                    caller.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            nanos = System.nanoTime() - start;
            return this;
        }

        private void call(RateLimiter limiter, AtomicBoolean stopped) {
            while (!stopped.get()) {
                try {
                    long start = System.nanoTime();
                    if (limiter.take("key", PER_MINUTE).allowed()) {
                        admitted.incrementAndGet();
                    }
                    if (System.nanoTime() - start > RedisRateLimiter.ANSWER_MAX.toNanos()) {
                        slow.incrementAndGet();
                    }
                } catch (RuntimeException e) {
                    failures.add(e);
                }
                LockSupport.parkNanos(100_000);
            }
        }

        /// limit · window + burst + a second's worth for each of so many changes, within one percent.
        void requireAtMost(double burst, int changes) {
            double most = (PER_SECOND * nanos / SECOND + burst + changes * PER_SECOND) * 1.01;
            if (admitted.get() > most) {
                throw new AssertionError("admitted " + admitted.get() + ", at most " + most);
            }
        }

        void requireAtLeast(double least) {
            if (admitted.get() < least) {
                throw new AssertionError("admitted " + admitted.get() + ", at least " + least);
            }
        }
    }
}
