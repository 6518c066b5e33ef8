package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.CandidateQuery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The HNSW indexes of the vectors, one of the column and one of the table beside it for each dimension: whether a
/// search is better off with them, and building them once an account has become too large to be scanned. Thread-safe.
final class VectorIndex {
    private static final Logger LOG = System.getLogger(VectorIndex.class.getName());

    private static final String OF_COLUMN = "entries_by_vector";
    private static final String OF_CHUNKS = "entry_chunks_by_vector_";

    /// Whether there is a valid HNSW index by cosine on the column, whoever made it; of which dimensions there is one
    /// beside it; and how many rows there are by the planner's last count.
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
                array(
                    select substring(c.relname from '[0-9]+$')
                    from pg_index i
                    join pg_class c on c.oid = i.indexrelid
                    where i.indrelid = 'entry_chunks'::regclass and i.indisvalid
                        and c.relname ~ '^entry_chunks_by_vector_[0-9]+$'
                    order by c.relname),
                greatest((
                    select max(reltuples) from pg_class where oid in ('entries'::regclass, 'entry_chunks'::regclass)),
                    0)::bigint
            """;

    private static final String LARGEST = "select coalesce(max(entries), 0) from account_state";

    /// A build that was broken off leaves an index that is never valid.
    private static final String BROKEN = """
            select c.relname
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where i.indrelid in ('entries'::regclass, 'entry_chunks'::regclass) and not i.indisvalid
                and c.relname ~ '^(entries_by_vector|entry_chunks_by_vector_[0-9]+)$'
                and not exists (select 1 from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
            order by c.relname
            """;

    private static final String CREATE_FOR_COLUMN =
            "create index concurrently if not exists " + OF_COLUMN + " on entries" + """
             using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)
            """;

    private static final String CREATE_FOR_CHUNKS = "create index concurrently if not exists " + OF_CHUNKS + """
            %1$d on entry_chunks
            using hnsw ((embedding::vector(%1$d)) vector_cosine_ops) with (m = 16, ef_construction = 64)
            where vector_dims(embedding) = %1$d
            """;

    private static final String DROP = "drop index concurrently if exists ";

    /// pgvector before 0.8.2 may write where it must not when several workers build (CVE-2026-3172).
    private static final String ONE_WORKER = "set max_parallel_maintenance_workers = 0";

    private static final String NO_TIMEOUT = "set statement_timeout = 0";

    /// A graph that does not fit is finished on disk, which takes longer: this holds 100,000 vectors of 384 numbers.
    private static final String MEMORY = """
            select set_config('maintenance_work_mem', greatest(
                pg_size_bytes(current_setting('maintenance_work_mem')), 256 * 1024 * 1024) / 1024 || 'kB', false)
            """;

    /// A scan reads the n entries in its scope. The index, until it has given 100 of them, passes 100 · rows / n, and
    /// each step takes as long as to scan 8 (`bin/bench postgres`): equal where n² = 800 · rows, by the usual
    /// `scanMax`.
    private static final double SCANNED_PER_STEP = 0.08;

    private static final long LOOK_AGAIN_NANOS = 30_000_000_000L;

    private final Database database;
    private final Direct owner;
    private final int scanMax;
    private final int indexedFrom;
    private final AtomicReference<@Nullable State> last = new AtomicReference<>();

    /// `owner` may change the schema.
    VectorIndex(Database database, Direct owner, int scanMax, int indexedFrom) {
        this.database = database;
        this.owner = owner;
        this.scanMax = scanMax;
        this.indexedFrom = indexedFrom;
    }

    /// Whether the nearest of so many entries are better found by the indexes: they are many, the indexes are there,
    /// and enough of their rows are theirs. `inColumn` are vectors that the column may hold.
    boolean serves(
            Session session, CandidateQuery query, int dimension, boolean inColumn, long scope, Candidates candidates) {
        if (scope <= scanMax) {
            return false;
        }
        State state = state(session);
        if (inColumn ? !state.onColumn : !state.hasBeside(dimension)) {
            return false;
        }
        int bound = Math.max(scanMax, (int) Math.sqrt(SCANNED_PER_STEP * scanMax * state.rows));
        if (query.tags().isEmpty() || scope <= bound) {
            return scope > bound;
        }
        long matching = Objects.requireNonNull(session.listNamed(
                        candidates.scopeSizeSql(),
                        Row::number,
                        name -> name.equals("scan_max") ? bound : candidates.argument(name))
                .getFirst());
        return matching > bound;
    }

    /// Whether there is an index of the column now.
    boolean isOnColumn() {
        return database.read(VectorIndex::read).onColumn;
    }

    /// Builds what is missing if an account is too large to be scanned. Takes a while; writes go on meanwhile.
    /// Another instance that has the same idea finds the name taken.
    void buildIfNeeded() {
        int dimension = database.read(session -> (int) session.number(VectorColumn.DIMENSION));
        State state = database.read(VectorIndex::read);
        if (!isNeeded()) {
            return;
        }
        if (!state.onColumn) {
            buildForColumn();
        }
        if (!state.hasBeside(dimension)) {
            build("vectors beside it", CREATE_FOR_CHUNKS.formatted(dimension));
        }
    }

    void buildForColumn() {
        build("the column", CREATE_FOR_COLUMN);
    }

    /// Builds the index of vectors that the column does not hold, where others are indexed or soon will be.
    void buildForChunks(int dimension) {
        State state = database.read(VectorIndex::read);
        if (!state.hasBeside(dimension) && (state.onColumn || isNeeded())) {
            build("vectors of " + dimension, CREATE_FOR_CHUNKS.formatted(dimension));
        }
    }

    /// Drops the indexes of vectors of other dimensions.
    void dropOthers(int dimension) {
        List<String> others = database.read(VectorIndex::read).beside.stream()
                .filter(other -> !other.equals(String.valueOf(dimension)))
                .toList();
        if (!others.isEmpty()) {
            run(others.stream().map(other -> DROP + OF_CHUNKS + other).toList(), "dropped");
        }
    }

    private boolean isNeeded() {
        return database.read(session -> session.number(LARGEST)) > indexedFrom;
    }

    private void build(String what, String create) {
        LOG.log(Level.INFO, "Building an index of " + what + ": there are many vectors.");
        var statements = new ArrayList<String>();
        database.read(session -> session.list(BROKEN, Row::text)).forEach(broken -> statements.add(DROP + broken));
        statements.add(create);
        run(statements, "built; searches scan");
    }

    private void run(List<String> statements, String what) {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            statement.execute(NO_TIMEOUT);
            statement.execute(ONE_WORKER);
            statement.execute(MEMORY);
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "The index of the vectors could not be " + what + ".", e);
        } finally {
            last.set(null);
        }
    }

    private State state(Session session) {
        State known = last.get();
        if (known == null || System.nanoTime() - known.atNanos > LOOK_AGAIN_NANOS) {
            known = read(session);
            last.set(known);
        }
        return known;
    }

    private static State read(Session session) {
        long now = System.nanoTime();
        return Objects.requireNonNull(
                session.first(STATE, row -> new State(row.flag(), row.texts(), row.number(), now)));
    }

    /// `beside`: the dimensions of the indexes of `entry_chunks`.
    private record State(boolean onColumn, List<String> beside, long rows, long atNanos) {
        boolean hasBeside(int dimension) {
            return beside.contains(String.valueOf(dimension));
        }
    }
}
