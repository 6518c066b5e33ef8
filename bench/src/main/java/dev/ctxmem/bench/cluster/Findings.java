package dev.ctxmem.bench.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the clients of a trial have seen. Thread-safe.
final class Findings {
    private static final int EXAMPLES_MAX = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<Kind, Latencies> answered = new EnumMap<>(Kind.class);
    private final Map<Wrong, List<String>> wrong = new EnumMap<>(Wrong.class);
    private final Map<Wrong, Integer> counts = new EnumMap<>(Wrong.class);
    private int cutOff;

    /// What is asked.
    enum Kind {
        PUT,
        GET,
        GET_OWN_LATE,
        GET_LATE,
        LIST,
        HISTORY,
        SEARCH,
        SEARCH_TEXT
    }

    /// What must not be.
    enum Wrong {
        LOST_WRITES,
        STALE_READS,
        FAILED_REQUESTS,
        BEYOND_THE_LIMIT
    }

    synchronized void answered(Kind kind, long nanos) {
        answered.computeIfAbsent(kind, absent -> new Latencies()).add(nanos);
    }

    synchronized void wrong(Wrong what, String example) {
        counts.merge(what, 1, Integer::sum);
        List<String> examples = wrong.computeIfAbsent(what, absent -> new ArrayList<>());
        if (examples.size() < EXAMPLES_MAX) {
            examples.add(example);
        }
    }

    synchronized void cutOff() {
        cutOff++;
    }

    synchronized boolean isClean() {
        return counts.isEmpty();
    }

    synchronized int count(Wrong what) {
        return counts.getOrDefault(what, 0);
    }

    synchronized List<String> lines() {
        var lines = new ArrayList<String>();
        long all = 0;
        for (Map.Entry<Kind, Latencies> kind : answered.entrySet()) {
            lines.add(kind.getValue().line(kind.getKey()));
            all += kind.getValue().count;
        }
        lines.add("answered " + all + ", writes cut off by a kill " + cutOff);
        for (Wrong what : Wrong.values()) {
            lines.add(what.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + count(what));
            wrong.getOrDefault(what, List.of()).forEach(example -> lines.add("    " + example));
        }
        return lines;
    }

    private static final class Latencies {
        private long[] nanos = new long[1 << 10];
        private int count;

        void add(long latency) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = latency;
        }

        String line(Kind kind) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return String.format(
                    Locale.ROOT,
                    "%-13s %7d   p50 %7.1f   p99 %7.1f   max %7.1f ms",
                    kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    count,
                    sorted[count / 2] / NANOS_PER_MILLI,
                    sorted[(int) Math.min(count - 1L, count * 99L / 100)] / NANOS_PER_MILLI,
                    sorted[count - 1] / NANOS_PER_MILLI);
        }
    }
}
