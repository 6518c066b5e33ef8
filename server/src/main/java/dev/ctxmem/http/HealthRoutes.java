package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Whether the server is there: `/health` for people and clients, `/livez` and `/readyz` for what runs it.
final class HealthRoutes {
    /// A store that has answered is not asked again for this long.
    private static final long PING_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Runnable ping;
    private final BooleanSupplier stopping;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final String version;
    private volatile @Nullable Ping last;

    /// `ping` throws when the store does not answer.
    HealthRoutes(Runnable ping, BooleanSupplier stopping, InstantSource clock, LongSupplier nanoTime, String version) {
        this.ping = ping;
        this.stopping = stopping;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.version = version;
    }

    Answer health(Call call) {
        requireStore();
        return Answer.ok(new JsonWriter()
                .beginObject()
                .member("status", "ok")
                .member("version", version)
                .member("timestamp", clock.instant())
                .endObject());
    }

    Answer live(Call call) {
        return ok();
    }

    Answer ready(Call call) {
        if (stopping.getAsBoolean()) {
            throw MemoryException.retryLater(ErrorCode.UNAVAILABLE, "The server is about to stop.", RETRY_AFTER);
        }
        requireStore();
        return ok();
    }

    private static Answer ok() {
        return Answer.ok(new JsonWriter().beginObject().member("status", "ok").endObject());
    }

    private void requireStore() {
        Ping seen = last;
        long now = nanoTime.getAsLong();
        if (seen == null || now - seen.atNanos >= PING_NANOS) {
            seen = new Ping(now, answers(seen == null || seen.answered));
            last = seen;
        }
        if (!seen.answered) {
            throw MemoryException.retryLater(ErrorCode.UNAVAILABLE, "The store does not answer.", RETRY_AFTER);
        }
    }

    /// Tells the log once when it goes down, and not with every question.
    private boolean answers(boolean before) {
        try {
            ping.run();
            return true;
        } catch (RuntimeException e) {
            if (before) {
                System.getLogger(HealthRoutes.class.getName())
                        .log(System.Logger.Level.WARNING, "The store is down.", e);
            }
            return false;
        }
    }

    private record Ping(long atNanos, boolean answered) {}
}
