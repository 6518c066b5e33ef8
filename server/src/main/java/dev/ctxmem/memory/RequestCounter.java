package dev.ctxmem.memory;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Counts requests per account and month, and notes when keys were last used, off the request path: counts are
/// kept in memory and written by [#flush], so a crash loses at most what came since. Thread-safe.
final class RequestCounter {
    /// Accounts counted at one time; past it the counts are written and forgotten.
    private static final int ACCOUNTS_MAX = 100_000;

    private final AccountStore store;
    private final InstantSource clock;
    private final ConcurrentHashMap<UUID, Count> counts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, Long> lastUsedMillis = new ConcurrentHashMap<>();
    private volatile YearMonth month;

    RequestCounter(AccountStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.month = currentMonth();
    }

    /// Counts one request. TIER_LIMIT_REACHED when the month's are used up.
    void count(Principal principal, long limit) {
        lastUsedMillis.put(principal.key(), clock.millis());
        Count count = counts.computeIfAbsent(principal.account(), this::load);
        long before = count.total();
        if (limit != Quota.UNLIMITED && before >= limit) {
            throw new MemoryException(
                    ErrorCode.TIER_LIMIT_REACHED,
                    "The " + limit + " requests of this month are used up.",
                    List.of(),
                    new Quota(before, limit),
                    null,
                    null);
        }
        count.fresh.incrementAndGet();
    }

    /// Where the account stands, the requests not written yet included.
    AccountStore.Counts counts(UUID account) {
        AccountStore.Counts stored = store.counts(account, month);
        Count count = counts.computeIfAbsent(account, this::load);
        return new AccountStore.Counts(stored.namespaces(), stored.entries(), count.total());
    }

    /// Writes what was counted since the last flush. Called by one thread at a time.
    void flush() {
        var requests = new HashMap<UUID, Long>();
        counts.forEach((account, count) -> {
            long fresh = count.fresh.get();
            if (fresh > 0) {
                requests.put(account, fresh);
            }
        });
        var used = new HashMap<UUID, Instant>();
        lastUsedMillis.forEach((key, millis) -> used.put(key, Instant.ofEpochMilli(millis)));
        if (!requests.isEmpty() || !used.isEmpty()) {
            store.recordUse(used, requests, month);
            used.forEach((key, instant) -> lastUsedMillis.remove(key, instant.toEpochMilli()));
            requests.forEach(this::written);
        }
        if (!month.equals(currentMonth()) || counts.size() > ACCOUNTS_MAX) {
            month = currentMonth();
            counts.clear();
        }
    }

    private void written(UUID account, long fresh) {
        Count count = counts.get(account);
        if (count != null) {
            count.stored.addAndGet(fresh);
            count.fresh.addAndGet(-fresh);
        }
    }

    private Count load(UUID account) {
        return new Count(store.counts(account, month).requests());
    }

    private YearMonth currentMonth() {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    }

    private static final class Count {
        private final AtomicLong stored;
        private final AtomicLong fresh = new AtomicLong();

        Count(long stored) {
            this.stored = new AtomicLong(stored);
        }

        long total() {
            return stored.get() + fresh.get();
        }
    }
}
