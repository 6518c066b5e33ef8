package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What this instance knows of vectors in the database: the dimension of `entries.embedding`, which an operator may
/// change at any time, and the numbers of the models, which stay. Thread-safe.
final class VectorColumn {
    private static final Logger LOG = System.getLogger(VectorColumn.class.getName());

    /// The dimension that the column has now.
    static final String DIMENSION = """
            select atttypmod
            from pg_attribute
            where attrelid = 'entries'::regclass and attname = 'embedding' and not attisdropped
            """;

    private static final String MODEL = """
            select id
            from models
            where name = :name and dimension = :dimension
            """;

    private static final String INSERT_MODEL = """
            insert into models (name, dimension)
            values (:name, :dimension)
            on conflict (name, dimension) do nothing
            """;

    private static final String VECTORS =
            "select count(*) from (select 1 from entries where embedding is not null limit 1) x";

    /// Whoever comes later waits behind this, so it waits for little itself.
    private static final String TIMEOUTS =
            "select set_config('lock_timeout', '500ms', true), set_config('statement_timeout', '20s', true)";

    private static final String LOCK = "lock table entries in access exclusive mode";

    /// Changes no row, unlike a change of the column's type.
    private static final String RENEW = "alter table entries drop column embedding, add column embedding vector(%d)";

    private static final int UNKNOWN = -2;

    /// Another instance may have given the column the dimension that it lacked.
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private static final int ATTEMPTS_MAX = 6;
    private static final long PAUSE_MILLIS = 300;

    private final Database database;
    private final Direct owner;
    private final VectorIndex index;
    private final Map<EmbeddingModel, Long> models = new ConcurrentHashMap<>();
    private volatile int dimension = UNKNOWN;
    private volatile long readAtNanos;

    /// `owner` may change the schema.
    VectorColumn(Database database, Direct owner, VectorIndex index) {
        this.database = database;
        this.owner = owner;
        this.index = index;
    }

    boolean holds(EmbeddingModel model) {
        if (dimension == UNKNOWN) {
            refresh();
        }
        return dimension == model.dimension();
    }

    void refresh() {
        readAtNanos = System.nanoTime();
        dimension = (int) (long) database.read(session -> session.number(DIMENSION));
    }

    /// Looks up what a write of the model will ask for, while no connection is held.
    void prepare(EmbeddingModel model) {
        if (!holds(model) && System.nanoTime() - readAtNanos > LOOK_AGAIN_NANOS) {
            refresh();
        }
        modelNumber(model);
    }

    /// Gives the column a model's dimension if it holds no vector. Another instance that does the same waits.
    void adapt(EmbeddingModel model) {
        refresh();
        if (!holds(model) && database.read(session -> session.number(VECTORS)) == 0) {
            renew(model, true);
        }
    }

    /// Gives the column a model's dimension at once; the vectors that it held are gone. False where that cannot be
    /// now: all vectors of the model are then in the table beside it.
    boolean renew(EmbeddingModel model) {
        refresh();
        return holds(model) || renew(model, false);
    }

    private boolean renew(EmbeddingModel model, boolean onlyEmpty) {
        boolean wasIndexed = index.isOnColumn();
        SQLException failure = null;
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            try {
                changeType(model, onlyEmpty);
                refresh();
                if (wasIndexed && holds(model)) {
                    index.buildForColumn();
                }
                return holds(model);
            } catch (SQLException e) {
                failure = e;
                if (!Failures.isTransient(e) || !pause()) {
                    break;
                }
            }
        }
        LOG.log(
                Level.WARNING,
                "The column entries.embedding keeps its dimension, and vectors of " + model.dimension()
                        + " go to a table beside it, where searches are slower. When it holds no vector any more, its"
                        + " owner can run: " + RENEW.formatted(model.dimension()),
                failure);
        return false;
    }

    private void changeType(EmbeddingModel model, boolean onlyEmpty) throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(TIMEOUTS);
            statement.execute(LOCK);
            boolean isWanted = number(statement, DIMENSION) != model.dimension();
            if (isWanted && (!onlyEmpty || number(statement, VECTORS) == 0)) {
                statement.execute(RENEW.formatted(model.dimension()));
            }
            connection.commit();
        }
    }

    /// The number of a model, which is given one if it is new.
    long modelNumber(EmbeddingModel model) {
        Long known = modelNumberOrNull(model);
        if (known == null) {
            database.read(session -> session.update(INSERT_MODEL, model.name(), model.dimension()));
            known = modelNumberOrNull(model);
        }
        if (known == null) {
            throw new IllegalStateException("the model " + model.name() + " is not there after its insertion");
        }
        return known;
    }

    /// Of the model of a question's vector. Null where it has none, or nothing was ever stored of the model.
    @Nullable
    Long modelNumberOrNull(CandidateQuery query) {
        return query.vector() == null || query.model() == null ? null : modelNumberOrNull(query.model());
    }

    /// Null for a model that nothing was ever stored of.
    @Nullable
    Long modelNumberOrNull(EmbeddingModel model) {
        Long known = models.get(model);
        if (known == null) {
            known = database.read(session -> session.first(MODEL, Row::number, model.name(), model.dimension()));
            if (known != null) {
                models.put(model, known);
            }
        }
        return known;
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet results = statement.executeQuery(sql)) {
            results.next();
            return results.getLong(1);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
