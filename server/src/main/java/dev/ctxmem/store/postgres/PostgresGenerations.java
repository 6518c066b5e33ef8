package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.Vectorization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The vectors of a second model beside those of the first: while they grow they are in `entry_chunks`, whatever
/// their dimension. After the switch the column of the entries is made anew in their dimension, which drops the old
/// vectors at once, and they move there a portion at a time. Thread-safe.
final class PostgresGenerations implements Generations {
    private static final String LIVE = "e.state = 'live' and (e.expires_at is null or e.expires_at > :now)";

    private static final String HAS_TARGET = """
            (e.model_id = :model or exists (
                select 1
                from entry_chunks c
                where c.account_id = e.account_id and c.entry_id = e.id and c.model_id = :model))
            """;

    private static final String COUNT = "select count(*), count(*) filter (where coalesce(" + HAS_TARGET + """
            , false))
            from entries e
            where
            """ + LIVE;

    private static final String LACKING = "select e.account_id, e.namespace_id, n.slug, e.embedding_state, "
            + StoredEntry.LIVE + """
            from entries e
            join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
            where (e.account_id, e.namespace_id, e.key) > (:account::uuid, :namespace::uuid, :key) and
            """ + LIVE + " and coalesce(" + HAS_TARGET + """
            , false) = false
            order by e.account_id, e.namespace_id, e.key
            limit :limit
            """;

    private static final String CURRENT = """
            select e.id, e.model_id, e.embedding_state
            from entries e
            join unnest(:accounts::uuid[], :ids::uuid[], :versions::bigint[]) as p (account, id, version)
                on p.account = e.account_id and p.id = e.id and p.version = e.version
            where e.state = 'live'
            order by e.account_id, e.namespace_id, e.key
            for no key update of e
            """;

    private static final String ERASE_OF_MODEL = """
            delete from entry_chunks
            where account_id = :account and entry_id = :entry and model_id = :model
            """;

    private static final String STRAGGLERS = """
            select e.account_id, e.id
            from entries e
            where e.model_id is not null and not
            """ + HAS_TARGET + """
            order by e.account_id, e.namespace_id, e.key
            for no key update of e
            """;

    /// What has vectors of other models, or its first one beside the column that it fits into.
    private static final String OTHERS =
            "select e.account_id, e.namespace_id, e.key, e.id, e.model_id = :model, " + HAS_TARGET + """
            from entries e
            where (e.account_id, e.namespace_id, e.key) > (:account::uuid, :namespace::uuid, :key)
                and e.model_id is not null and (e.model_id <> :model or exists (
                    select 1
                    from entry_chunks c
                    where c.account_id = e.account_id and c.entry_id = e.id
                        and (c.model_id <> :model or (:fits and c.chunk = 0))))
            order by e.account_id, e.namespace_id, e.key
            limit :limit
            for no key update of e
            """;

    /// Entries by account and id, as two arrays.
    private static final String GIVEN = "unnest(:accounts::uuid[], :ids::uuid[]) as p (account, id) ";

    private static final String INTO_COLUMN = """
            update entries e
            set model_id = :model, embedding = c.embedding
            from entry_chunks c cross join
            """ + GIVEN + """
            where e.account_id = p.account and e.id = p.id
                and c.account_id = p.account and c.entry_id = p.id and c.model_id = :model and c.chunk = 0
            """;

    private static final String DROP_FIRST = "delete from entry_chunks c using " + GIVEN + """
            where c.account_id = p.account and c.entry_id = p.id and c.model_id = :model and c.chunk = 0
            """;

    private static final String STAY_BESIDE = "update entries e set model_id = :model, embedding = null from " + GIVEN
            + "where e.account_id = p.account and e.id = p.id";

    private static final String DROP_OTHERS = "delete from entry_chunks c using " + GIVEN + """
            where c.account_id = p.account and c.entry_id = p.id and c.model_id <> :model
            """;

    private static final String WAIT = "update entries e set embedding_state = 'pending', model_id = null,"
            + " embedding = null from " + GIVEN + "where e.account_id = p.account and e.id = p.id";

    private static final String DROP_ALL =
            "delete from entry_chunks c using " + GIVEN + "where c.account_id = p.account and c.entry_id = p.id";

    private static final String ADD_JOBS = """
            insert into embedding_jobs (account_id, entry_id, version, due_at)
            select e.account_id, e.id, e.version, :now
            from entries e
            join
            """ + GIVEN + "on p.account = e.account_id and p.id = e.id";

    private final Database database;
    private final LongTransactions transactions;
    private final EntryRows rows;
    private final VectorColumn vectors;
    private final VectorIndex index;

    /// Where the next portion to drop begins, so that each row is looked at once.
    private Position dropped = Position.START;

    /// Whose vectors stay beside the entries, because their column cannot be made anew now.
    private @Nullable EmbeddingModel homeless;

    PostgresGenerations(
            Database database, LongTransactions transactions, EntryRows rows, VectorColumn vectors, VectorIndex index) {
        this.database = database;
        this.transactions = transactions;
        this.rows = rows;
        this.vectors = vectors;
        this.index = index;
    }

    @Override
    public Count count(EmbeddingModel target) {
        long model = vectors.modelNumber(target);
        return transactions.read(session ->
                Objects.requireNonNull(session.first(COUNT, row -> new Count(row.number(), row.number()), model)));
    }

    @Override
    public Portion lacking(EmbeddingModel target, @Nullable String after, int limit) {
        long model = vectors.modelNumber(target);
        Position from = after == null ? Position.START : Position.parse(after);
        List<Found> found = database.read(
                session -> session.list(LACKING, Found::read, from.account, from.namespace, from.key, model, limit));
        // What is damaged cannot be embedded; whoever reads it hears of that.
        return new Portion(
                found.stream()
                        .filter(each -> each.shown.stored().isIntact())
                        .map(each -> new Lacking(each.account, each.shown.entry(each.slug)))
                        .toList(),
                found.size() < limit ? null : found.getLast().position().toString());
    }

    @Override
    public void add(EmbeddingModel target, List<Vectored> all) {
        vectors.prepare(target);
        retried(session -> {
            Map<UUID, Current> current = new HashMap<>();
            session.list(
                            CURRENT,
                            Current::read,
                            ids(all.stream().map(Vectored::account).toList()),
                            ids(all.stream().map(Vectored::entry).toList()),
                            all.stream().mapToLong(Vectored::version).toArray())
                    .forEach(each -> current.put(each.id, each));
            var script = new Script();
            for (Vectored vectored : all) {
                Current entry = current.get(vectored.entry());
                if (entry != null) {
                    add(script, target, vectored, entry);
                }
            }
            if (!script.steps().isEmpty()) {
                session.run(script);
            }
            return true;
        });
    }

    /// Beside the vectors of another model, or in the place of those of the same.
    private void add(Script script, EmbeddingModel target, Vectored vectored, Current entry) {
        UUID account = vectored.account();
        long model = vectors.modelNumber(target);
        Embedding embedding = Embedding.of(new Vectorization.Ready(target, vectored.chunks()));
        boolean isNext = entry.model != null && entry.model != model;
        if (embedding.model() != null) {
            script.update(ERASE_OF_MODEL, account, entry.id, model);
            if (isNext) {
                EntryRows.beside(script, account, entry.id, embedding, model, 0);
            } else {
                script.update(EmbeddingJobs.READY, model, rows.ownVector(embedding), account, entry.id);
                rows.chunks(script, account, entry.id, embedding, model);
            }
        } else if (entry.waited()) {
            script.update(EmbeddingJobs.READY, null, null, account, entry.id);
        }
        if (entry.waited()) {
            script.update(EntryRows.ERASE_JOB, account, entry.id);
        }
    }

    @Override
    public void index(EmbeddingModel target) {
        index.buildForChunks(target.dimension());
    }

    @Override
    public void switchTo(EmbeddingModel target, String announcement) {
        long model = vectors.modelNumber(target);
        transactions.run(session -> {
            makeWait(session, session.list(STRAGGLERS, Straggler::read, model));
            return AccountRows.putSetting(session, SETTING, announcement);
        });
    }

    @Override
    public synchronized int dropOthers(EmbeddingModel target, int limit) {
        boolean fits = !target.equals(homeless) && vectors.renew(target);
        homeless = fits ? null : target;
        long model = vectors.modelNumber(target);
        List<Other> others = drop(model, limit, fits);
        if (others.isEmpty() && !dropped.equals(Position.START)) {
            dropped = Position.START;
            others = drop(model, limit, fits);
        }
        if (others.isEmpty() && !fits) {
            homeless = null;
            vectors.adapt(target);
            if (vectors.holds(target)) {
                return dropOthers(target, limit);
            }
        }
        if (others.isEmpty()) {
            index.dropOthers(target.dimension());
        } else {
            dropped = others.getLast().position;
        }
        return others.size();
    }

    private List<Other> drop(long model, int limit, boolean fits) {
        return retried(session -> {
            List<Other> others = session.list(
                    OTHERS, Other::read, model, dropped.account, dropped.namespace, dropped.key, fits, limit);
            List<Straggler> moved = others.stream()
                    .filter(other -> other.hasTarget && (fits || !other.isTarget))
                    .map(Other::entry)
                    .toList();
            List<Straggler> kept =
                    others.stream().filter(Other::hasTarget).map(Other::entry).toList();
            var script = new Script();
            if (fits) {
                script.update(INTO_COLUMN, model, accounts(moved), entries(moved));
                script.update(DROP_FIRST, accounts(moved), entries(moved), model);
            } else {
                script.update(STAY_BESIDE, model, accounts(moved), entries(moved));
            }
            session.run(script.update(DROP_OTHERS, accounts(kept), entries(kept), model));
            makeWait(
                    session,
                    others.stream()
                            .filter(other -> !other.hasTarget)
                            .map(Other::entry)
                            .toList());
            return others;
        });
    }

    private static void makeWait(Session session, List<Straggler> stragglers) {
        if (!stragglers.isEmpty()) {
            UUID[] accounts = accounts(stragglers);
            UUID[] entries = entries(stragglers);
            session.run(new Script()
                    .update(WAIT, accounts, entries)
                    .update(DROP_ALL, accounts, entries)
                    .update(ADD_JOBS, accounts, entries));
        }
    }

    /// The column may have got another dimension meanwhile.
    private <T> T retried(Function<Session, T> work) {
        return database.retried(() -> {
            try {
                return database.once(work);
            } catch (FailedStatement e) {
                vectors.refresh();
                throw e;
            }
        });
    }

    private static UUID[] accounts(List<Straggler> entries) {
        return ids(entries.stream().map(Straggler::account).toList());
    }

    private static UUID[] entries(List<Straggler> entries) {
        return ids(entries.stream().map(Straggler::entry).toList());
    }

    private static UUID[] ids(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    /// A place in the order of the entries.
    private record Position(UUID account, UUID namespace, String key) {
        static final Position START = new Position(new UUID(0, 0), new UUID(0, 0), "");

        static Position parse(String text) {
            String[] parts = text.split("/", 3);
            return new Position(UUID.fromString(parts[0]), UUID.fromString(parts[1]), parts[2]);
        }

        static Position read(Row row) {
            return new Position(row.uuid(), row.uuid(), row.text());
        }

        @Override
        public String toString() {
            return account + "/" + namespace + "/" + key;
        }
    }

    private record Found(UUID account, UUID namespace, String slug, EntryReads.Shown shown) {
        static Found read(Row row) {
            return new Found(row.uuid(), row.uuid(), row.text(), EntryReads.Shown.read(row));
        }

        Position position() {
            return new Position(account, namespace, shown.stored().key());
        }
    }

    /// An entry that is to get vectors, and the model of those it has.
    private record Current(UUID id, @Nullable Long model, EmbeddingState state) {
        static Current read(Row row) {
            return new Current(row.uuid(), row.numberOrNull(), Embedding.state(row.text()));
        }

        boolean waited() {
            return state != EmbeddingState.READY;
        }
    }

    private record Straggler(UUID account, UUID entry) {
        static Straggler read(Row row) {
            return new Straggler(row.uuid(), row.uuid());
        }
    }

    /// An entry that has vectors of other models. `isTarget`: its own row is of the target already.
    private record Other(Position position, UUID id, boolean isTarget, boolean hasTarget) {
        static Other read(Row row) {
            return new Other(Position.read(row), row.uuid(), row.flag(), row.flag());
        }

        Straggler entry() {
            return new Straggler(position.account, id);
        }
    }
}
