package dev.ctxmem.store.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.flat.FlatIndex;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The flat indexes of the accounts that this instance searches again and again, in bounded memory. They are read in
/// the background; until one is there, and for accounts that are too large, searches go to the database's indexes.
/// Thread-safe.
final class FlatIndexes implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FlatIndexes.class.getName());

    /// An account that was searched twice within this time is worth an index.
    private static final Duration SEARCHED_AGAIN = Duration.ofMinutes(1);

    /// It may shrink.
    private static final Duration TOO_LARGE = Duration.ofMinutes(10);

    /// What an index cannot see of changes behind the server's back ends with it.
    private static final long AGE_MAX_NANOS = Duration.ofMinutes(10).toNanos();

    private static final int ACCOUNTS_MAX = 10_000;

    /// No account is to drive out all others.
    private static final double SHARE_MAX = 0.75;

    private final Database database;
    private final long accountBytesMax;
    private final boolean atOnce;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("flat-index").factory());
    private final Cache<UUID, Kept> kept;
    private final Cache<UUID, Boolean> searched = Caffeine.newBuilder()
            .expireAfterWrite(SEARCHED_AGAIN)
            .maximumSize(ACCOUNTS_MAX)
            .build();
    private final Cache<UUID, Boolean> tooLarge = Caffeine.newBuilder()
            .expireAfterWrite(TOO_LARGE)
            .maximumSize(ACCOUNTS_MAX)
            .build();
    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

    FlatIndexes(Database database, PostgresSettings.Flat settings) {
        this.database = database;
        atOnce = settings.atOnce();
        accountBytesMax = (long) (settings.bytesMax() * SHARE_MAX);
        kept = Caffeine.newBuilder()
                .maximumWeight(settings.bytesMax())
                .weigher((UUID account, Kept index) -> (int) Math.min(Integer.MAX_VALUE, index.index.bytes()))
                .executor(Runnable::run)
                .build();
    }

    /// The index of an account with vectors of `model` (null: nobody asks for vectors). Null where there is none, and
    /// perhaps one soon.
    @Nullable
    Kept find(UUID account, @Nullable Long number, @Nullable EmbeddingModel model) {
        Kept found = kept.getIfPresent(account);
        if (found != null && (number == null || number.equals(found.model)) && !found.isOld()) {
            return found;
        }
        wish(account, number, model);
        Kept fresh = kept.getIfPresent(account);
        return fresh != null && (number == null || number.equals(fresh.model)) ? fresh : null;
    }

    /// The index with these changes, unless it has them already. Null where there is none that follows from that one
    /// any more, or what the records say of it shows that it is wrong.
    @Nullable
    Kept advance(UUID account, Kept from, FlatRows.Changes changes) {
        Kept now = kept.asMap().computeIfPresent(account, (same, current) -> {
            if (current.madeAtNanos != from.madeAtNanos) {
                return current;
            }
            long revision = changes.state().revision();
            return current.index.revision() > revision ? current : current.with(changes);
        });
        if (now == null || now.madeAtNanos != from.madeAtNanos) {
            return null;
        }
        if (now.mayBeOf(changes.state())) {
            return now;
        }
        drop(account, now);
        return null;
    }

    /// The next search wishes for a new one.
    void drop(UUID account, Kept wrong) {
        kept.asMap().computeIfPresent(account, (same, now) -> now.madeAtNanos == wrong.madeAtNanos ? null : now);
    }

    /// How much memory they take.
    long bytes() {
        return kept.asMap().values().stream()
                .mapToLong(index -> index.index.bytes())
                .sum();
    }

    /// What is being read is given up when the database is closed.
    @Override
    public void close() {
        reader.shutdown();
    }

    private void wish(UUID account, @Nullable Long number, @Nullable EmbeddingModel model) {
        if (accountBytesMax == 0 || tooLarge.getIfPresent(account) != null) {
            return;
        }
        boolean again = searched.asMap().putIfAbsent(account, true) != null;
        if (atOnce && underWay.add(account)) {
            make(account, number, model);
        } else if (again && underWay.add(account)) {
            readSoon(account, number, model);
        }
    }

    private void readSoon(UUID account, @Nullable Long number, @Nullable EmbeddingModel model) {
        try {
            reader.execute(() -> make(account, number, model));
        } catch (RejectedExecutionException e) {
            // The store is being closed.
            underWay.remove(account);
        }
    }

    private void make(UUID account, @Nullable Long number, @Nullable EmbeddingModel model) {
        try {
            int dimension = model == null ? 0 : model.dimension();
            FlatIndex index = database.transaction(
                    session -> FlatRows.load(session, account, number, dimension, accountBytesMax));
            if (index == null) {
                kept.invalidate(account);
                tooLarge.put(account, true);
            } else {
                kept.put(account, new Kept(index, number, System.nanoTime()));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The entries of an account could not be read to search them faster.", e);
        } finally {
            underWay.remove(account);
        }
    }

    /// An index and the number of its vectors' model; null where it has none. Of those that follow from one another
    /// by changes, all have the time at which the first one was made.
    record Kept(FlatIndex index, @Nullable Long model, long madeAtNanos) {
        boolean isOld() {
            return index.isWorn() || System.nanoTime() - madeAtNanos > AGE_MAX_NANOS;
        }

        /// What has expired stays until it is purged from the records, which count it until then.
        Kept with(FlatRows.Changes changes) {
            FlatRows.State state = changes.state();
            FlatIndex next = changes.isNothing()
                    ? index
                    : index.with(state.revision(), changes.changed(), changes.goneNamespaces(), changes.current());
            int purged = (int) Math.max(0, next.size() - state.entries());
            if (purged > 0) {
                next = next.withoutExpired(state.now(), purged);
            }
            return next == index ? this : new Kept(next, model, madeAtNanos);
        }

        boolean isOf(FlatRows.State state) {
            return index.revision() == state.revision() && index.size() == state.entries();
        }

        /// False shows that it is wrong, true proves nothing.
        boolean mayBeOf(FlatRows.State state) {
            return index.revision() > state.revision() || isOf(state);
        }
    }
}
