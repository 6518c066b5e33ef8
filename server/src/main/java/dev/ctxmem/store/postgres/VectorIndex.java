package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.CandidateQuery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The HNSW index of the vectors: whether a search is better off with it, and building it once an account has
/// become too large to be scanned. Thread-safe.
final class VectorIndex {
    private static final Logger LOG = System.getLogger(VectorIndex.class.getName());

    /// A valid HNSW index by cosine on the column, whoever made it, and how many rows there are by the planner's
    /// last count.
    private static final String STATE = """
            select exists (
                select 1
                from pg_index i
                join pg_class c on c.oid = i.indexrelid
                join pg_am m on m.oid = c.relam
                join pg_opclass o on o.oid = i.indclass[0]
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                where i.indrelid = 'entries'::regclass and i.indisvalid and m.amname = 'hnsw'
                    and o.opcname = 'vector_cosine_ops' and a.attname = 'embedding'),
                greatest((select reltuples from pg_class where oid = 'entries'::regclass), 0)::bigint
            """;

    private static final String LARGEST = "select coalesce(max(entries), 0) from account_state";

    /// A build that was broken off leaves an index that is never valid.
    private static final String BROKEN = """
            select c.relname
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where i.indrelid in ('entries'::regclass, 'entry_chunks'::regclass) and not i.indisvalid
                and c.relname in ('entries_by_vector', 'entry_chunks_by_vector')
                and not exists (select 1 from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
            order by c.relname
            """;

    private static final String CREATE = """
            create index concurrently if not exists entries_by_vector on entries
            using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)
            """;

    static final String CREATE_FOR_CHUNKS = """
            create index concurrently if not exists entry_chunks_by_vector on entry_chunks
            using hnsw ((embedding::vector(%1$d)) vector_cosine_ops) with (m = 16, ef_construction = 64)
            where vector_dims(embedding) = %1$d
            """;

    /// pgvector before 0.8.2 may write where it must not when several workers build (CVE-2026-3172).
    private static final String ONE_WORKER = "set max_parallel_maintenance_workers = 0";

    private static final String NO_TIMEOUT = "set statement_timeout = 0";

    /// The index gives so many rows in order before it ends (`hnsw.max_scan_tuples` is 20,000).
    private static final long ROWS_SEEN_MAX = 10_000;

    private static final long LOOK_AGAIN_NANOS = 30_000_000_000L;

    private final int scanMax;
    private final AtomicReference<@Nullable State> last = new AtomicReference<>();

    VectorIndex(int scanMax) {
        this.scanMax = scanMax;
    }

    /// Whether the nearest of so many entries are better found by the index: they are many, the index is there, and
    /// enough of its rows are theirs.
    boolean serves(Session session, CandidateQuery query, long entriesInScope, Candidates candidates) {
        if (entriesInScope <= scanMax) {
            return false;
        }
        State state = state(session);
        if (!state.exists) {
            return false;
        }
        long inScope = query.tags().isEmpty()
                ? entriesInScope
                : Objects.requireNonNull(session.listNamed(
                                candidates.scopeSizeSql(),
                                Row::number,
                                name -> name.equals("scan_max") ? scanMax : candidates.argument(name))
                        .getFirst());
        return inScope > scanMax && query.candidates() * state.rows / inScope <= ROWS_SEEN_MAX;
    }

    private State state(Session session) {
        State known = last.get();
        long now = System.nanoTime();
        if (known == null || now - known.atNanos > LOOK_AGAIN_NANOS) {
            known = Objects.requireNonNull(session.first(STATE, row -> new State(row.flag(), row.number(), now)));
            last.set(known);
        }
        return known;
    }

    /// Builds the index if an account is too large to be scanned and there is none. Takes a while; writes go on
    /// meanwhile. Another instance that has the same idea finds the name taken.
    void buildIfNeeded(Database database, Direct direct) {
        Optional<Integer> dimension = database.read(session -> {
            boolean needed =
                    session.number(LARGEST) > scanMax && !Objects.requireNonNull(session.first(STATE, Row::flag));
            return needed ? Optional.of(VectorColumn.dimension(session)) : Optional.<Integer>empty();
        });
        if (dimension.isEmpty()) {
            return;
        }
        LOG.log(Level.INFO, "Building an index of the vectors: an account has more than " + scanMax + " entries.");
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            statement.execute(NO_TIMEOUT);
            statement.execute(ONE_WORKER);
            for (String broken : database.read(session -> session.list(BROKEN, Row::text))) {
                statement.execute("drop index if exists " + broken);
            }
            statement.execute(CREATE);
            statement.execute(CREATE_FOR_CHUNKS.formatted(dimension.get()));
            last.set(null);
            LOG.log(Level.INFO, "The index of the vectors is built.");
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "The index of the vectors could not be built; searches scan.", e);
        }
    }

    private record State(boolean exists, long rows, long atNanos) {}
}
