package dev.ctxmem.store.postgres;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The compiled statements of a store, and its clock: the database's, one for all instances, or one that a test
/// sets. Thread-safe.
final class Statements {
    /// The instant at which the database got the statement. Unlike `now()` it goes on within a transaction, and
    /// unlike `clock_timestamp()` an index can be searched for it.
    private static final String DATABASE_CLOCK = "statement_timestamp()";

    private static final String GIVEN_CLOCK = "?::timestamptz";

    private final @Nullable InstantSource clock;
    private final Map<String, Sql> compiled = new ConcurrentHashMap<>();

    Statements(@Nullable InstantSource clock) {
        this.clock = clock;
    }

    Sql of(String sql) {
        return compiled.computeIfAbsent(sql, text -> Sql.compile(text, clock == null ? DATABASE_CLOCK : GIVEN_CLOCK));
    }

    /// For a parameter that stands for the time.
    Instant now() {
        if (clock == null) {
            throw new IllegalStateException("the database tells the time");
        }
        return clock.instant();
    }
}
