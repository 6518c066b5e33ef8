package dev.ctxmem.bench.load;

import java.util.Arrays;
import java.util.Locale;

/// What one run saw. Latencies are in nanoseconds, ascending.
record Measured(double seconds, long[] latencies, long errors) {
    private static final double NANOS_PER_MILLI = 1e6;

    Measured {
        latencies = latencies.clone();
        Arrays.sort(latencies);
    }

    double perSecond() {
        return latencies.length / seconds;
    }

    /// In milliseconds; `share` from 0 to 1.
    double percentile(double share) {
        if (latencies.length == 0) {
            return Double.NaN;
        }
        return latencies[(int) Math.min(latencies.length - 1L, (long) (latencies.length * share))] / NANOS_PER_MILLI;
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%9.0f requests/s   p50 %7.2f   p95 %7.2f   p99 %7.2f ms   %d errors",
                perSecond(),
                percentile(0.5),
                percentile(0.95),
                percentile(0.99),
                errors);
    }
}
