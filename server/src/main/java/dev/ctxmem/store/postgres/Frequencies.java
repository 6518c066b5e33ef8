package dev.ctxmem.store.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/// Of how many live entries of an account have a stem. Counting takes time where many have it: in large accounts,
/// where a minute changes little, counts are remembered for one. Thread-safe.
final class Frequencies {
    private static final String COUNT = """
            select q.stem, (
                select count(*)
                from entries e
                where e.account_id = :account and e.state = 'live' and e.words @> array[q.stem])
            from unnest(:stems::bigint[]) as q (stem)
            order by q.stem
            """;

    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int KEPT_MAX = 50_000;

    private final int keptFrom;
    private final Cache<Long, Long> known =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(KEPT_MAX).build();

    /// Counts are kept of accounts that have `keptFrom` entries or more.
    Frequencies(int keptFrom) {
        this.keptFrom = keptFrom;
    }

    /// Of a question's stems the rare ones, as many as together have no more than `entriesMax` entries, and the
    /// rarest in any case: who has only others covers little of the question, and those are many.
    static long[] telling(long[] stems, long[] frequencies, long entriesMax) {
        int[] rarestFirst = IntStream.range(0, stems.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> frequencies[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        long entries = 0;
        int count = 0;
        for (int stem : rarestFirst) {
            entries += frequencies[stem];
            if (count > 0 && entries > entriesMax) {
                break;
            }
            count++;
        }
        return IntStream.of(rarestFirst).limit(count).mapToLong(i -> stems[i]).toArray();
    }

    /// In the order of `stems`, which are hashes with the account in them.
    long[] of(Session session, UUID account, long[] stems, long entries) {
        Map<Long, Long> counts = new HashMap<>();
        if (entries >= keptFrom) {
            counts.putAll(known.getAllPresent(Arrays.stream(stems).boxed().toList()));
        }
        long[] unknown =
                Arrays.stream(stems).filter(stem -> !counts.containsKey(stem)).toArray();
        if (unknown.length > 0) {
            session.list(COUNT, row -> Map.entry(row.number(), row.number()), account, unknown)
                    .forEach(count -> {
                        counts.put(count.getKey(), count.getValue());
                        known.put(count.getKey(), count.getValue());
                    });
        }
        return Arrays.stream(stems).map(stem -> counts.getOrDefault(stem, 0L)).toArray();
    }
}
