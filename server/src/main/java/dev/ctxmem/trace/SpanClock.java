package dev.ctxmem.trace;

import io.opentelemetry.sdk.common.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The clocks of the server as OpenTelemetry reads them.
record SpanClock(InstantSource clock, LongSupplier nanos) implements Clock {
    /// Nanoseconds since 1970.
    @Override
    public long now() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    @Override
    public long nanoTime() {
        return nanos.getAsLong();
    }
}
