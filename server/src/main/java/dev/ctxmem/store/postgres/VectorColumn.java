package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.EmbeddingModel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What this instance knows of vectors in the database: the dimension of `entries.embedding`, which an operator may
/// change at any time, and the numbers of the models, which stay. Thread-safe.
final class VectorColumn {
    private static final Logger LOG = System.getLogger(VectorColumn.class.getName());

    private static final String DIMENSION = """
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
    static final String ADAPT = "alter table entries alter column embedding type vector(%d)";

    private static final int UNKNOWN = -2;

    private final Database database;
    private final Map<EmbeddingModel, Long> models = new ConcurrentHashMap<>();
    private volatile int dimension = UNKNOWN;

    VectorColumn(Database database) {
        this.database = database;
    }

    boolean holds(EmbeddingModel model) {
        if (dimension == UNKNOWN) {
            refresh();
        }
        return dimension == model.dimension();
    }

    void refresh() {
        dimension = database.read(VectorColumn::dimension);
    }

    /// Looks up what a write of the model will ask for, while no connection is held.
    void prepare(EmbeddingModel model) {
        holds(model);
        modelNumber(model);
    }

    static int dimension(Session session) {
        return (int) session.number(DIMENSION);
    }

    /// Gives the column a model's dimension if it holds no vector. Another instance that does the same waits.
    void adapt(EmbeddingModel model, Direct owner) {
        if (holds(model) || database.read(session -> session.number(VECTORS)) > 0) {
            return;
        }
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ADAPT.formatted(model.dimension()));
            refresh();
        } catch (SQLException e) {
            LOG.log(
                    Level.WARNING,
                    "The column entries.embedding keeps its dimension, and vectors of " + model.dimension()
                            + " go to a table beside it, where searches are slower. Its owner can run: "
                            + ADAPT.formatted(model.dimension()),
                    e);
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
}
