package dev.ctxmem.store.postgres;

import dev.ctxmem.core.MemoryException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A hot standby that answers reads which may be late, as long as it is worth asking: it answers within
/// [#ANSWER_MAX], is of the same database, and was not too far behind when it was last looked at. Whoever
/// gets no answer asks the primary. Thread-safe.
///
/// How late it is shows by the write-ahead log: where the primary stood at some moment, the standby has what was
/// committed before it once it has replayed up to there. Its clocks do not matter, nor does a primary that rests.
final class Standby implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Standby.class.getName());

    private static final Duration ANSWER_MAX = Duration.ofSeconds(1);
    private static final Duration CONNECTION_MAX = Duration.ofMillis(250);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(500);

    private static final String POSITION = "select (pg_current_wal_lsn() - '0/0')::bigint";
    private static final String IDENTITY = "select system_identifier from pg_control_system()";

    /// Nothing before a server's promotion is replayed any more.
    private static final String REPLAYED = """
            select s.system_identifier, case
                when pg_is_in_recovery() then coalesce((pg_last_wal_replay_lsn() - '0/0')::bigint, 0)
                else -1 end
            from pg_control_system() s
            """;

    /// Before anything is seen, so that all of the read sees one state.
    private static final String BEGIN = "set transaction isolation level repeatable read, read only";

    private static final String REVISION = """
            select s.revision
            from account_state s
            where s.account_id = :account
            """;

    private final Database standby;
    private final Database primary;
    private final Duration lateMax;
    private final ScheduledExecutorService watch;
    /// Whether the log says that the standby is of no use now.
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong passedOn = new AtomicLong();

    /// What the standby will have replayed when it has all up to a moment; null until the primary was asked.
    private @Nullable Mark awaited;
    private @Nullable Long identity;

    private volatile boolean fit;
    /// Everything committed before is on the standby; meaningless unless `fit`.
    private volatile long freshAtNanos;

    private Standby(Database standby, Database primary, Duration lateMax) {
        this.standby = standby;
        this.primary = primary;
        this.lateMax = lateMax;
        watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("standby-watch").daemon().factory());
    }

    /// Starts whether the standby answers or not.
    static Standby follow(
            PostgresSettings settings,
            PostgresSettings.Replica replica,
            Database primary,
            @Nullable InstantSource clock) {
        var database = new Database(
                settings.withWaitMax(CONNECTION_MAX), Direct.toStandby(replica.database(), ANSWER_MAX), clock);
        var followed = new Standby(database, primary, replica.lateMax());
        var _ = followed.watch.scheduleWithFixedDelay(
                followed::look, LOOK_PAUSE.toMillis(), LOOK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return followed;
    }

    /// What the standby sees, in one snapshot that has the account's `revision`; null when it does not have it, is
    /// not fit, fails, or finds nothing.
    <T> @Nullable T read(UUID account, long revision, Function<Session, ? extends @Nullable T> work) {
        T result = isFit() ? readOrNull(account, revision, work) : null;
        (result == null ? passedOn : answers).incrementAndGet();
        return result;
    }

    boolean isFit() {
        return fit && System.nanoTime() - freshAtNanos <= lateMax.toNanos();
    }

    /// Reads that the standby has answered.
    long answers() {
        return answers.get();
    }

    /// Reads that were left to the primary.
    long passedOn() {
        return passedOn.get();
    }

    @Override
    public void close() {
        watch.shutdownNow();
        standby.close();
    }

    private <T> @Nullable T readOrNull(UUID account, long revision, Function<Session, ? extends @Nullable T> work) {
        try {
            return standby.<@Nullable T>once(session -> {
                var script = new Script().update(BEGIN);
                Script.Result<Long> known = script.read(REVISION, Row::number, account);
                session.run(script);
                Long seen = known.first();
                return (seen == null ? 0 : seen) >= revision ? work.apply(session) : null;
            });
        } catch (FailedStatement e) {
            if (!Failures.isTransient(e.failure())) {
                lost(e.failure());
            }
        } catch (MemoryException e) {
            // Nothing is found there (yet), or there is no connection: the primary knows better.
            if (e.getCause() != null) {
                lost(e);
            }
        }
        return null;
    }

    private void look() {
        try {
            if (identity == null) {
                identity = primary.read(session -> session.number(IDENTITY));
            }
            Mark mark = awaited;
            if (mark == null) {
                long now = System.nanoTime();
                mark = new Mark(now, primary.read(session -> session.number(POSITION)));
                awaited = mark;
            }
            Reached reached = Objects.requireNonNull(standby.<@Nullable Reached>once(
                    session -> session.first(REPLAYED, row -> new Reached(row.number(), row.number()))));
            if (reached.identity != identity || reached.position < 0) {
                refuse("DATABASE_REPLICA_URL names no standby of DATABASE_URL's database.");
            } else if (reached.position >= mark.position) {
                awaited = null;
                found(mark.atNanos);
            } else if (!isFit()) {
                refuse("The standby is more than " + lateMax.toSeconds() + " s behind.");
            }
        } catch (FailedStatement e) {
            lost(e.failure());
        } catch (MemoryException e) {
            // One that is only busy is judged by how late it was.
            if (e.getCause() != null || !isFit()) {
                lost(e);
            }
        } catch (RuntimeException e) {
            lost(e);
        }
    }

    private void found(long atNanos) {
        freshAtNanos = atNanos;
        fit = true;
        if (told.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "The standby answers reads that may be late again.");
        }
    }

    private void lost(Throwable cause) {
        refuse("The standby does not answer (" + cause.getMessage() + ").");
    }

    private void refuse(String reason) {
        fit = false;
        if (told.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, reason + " The primary answers its reads.");
        }
    }

    /// Where the primary stood at a moment.
    private record Mark(long atNanos, long position) {}

    /// How far a standby has come; below 0 for what is none.
    private record Reached(long identity, long position) {}
}
