package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import dev.ctxmem.memory.PendingEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Entries that wait for their vectors, shared out among the instances: what one has taken is its own for a minute,
/// or until it closes. A finished job changes neither version nor revision: it is no event of the feed.
final class EmbeddingJobs {
    /// A row that another instance is just taking is passed over.
    private static final String TAKE = """
            with due as materialized (
                select j.account_id, j.entry_id
                from embedding_jobs j
                join entries e on e.account_id = j.account_id and e.id = j.entry_id and e.version = j.version
                where j.due_at <= :now and (j.leased_by is null or j.leased_by = :instance or j.leased_until <= :now)
                    and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
                order by j.due_at, e.revision
                limit :limit
                for update of j skip locked)
            update embedding_jobs j
            set leased_by = :instance, leased_until = :now + interval '1 minute'
            from due
            where j.account_id = due.account_id and j.entry_id = due.entry_id
            """;

    private static final String TAKEN = """
            select j.attempts, n.slug, e.embedding_state,
            """ + StoredEntry.LIVE + """
            from embedding_jobs j
            join entries e on e.account_id = j.account_id and e.id = j.entry_id and e.version = j.version
            join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
            where j.leased_by = :instance and j.due_at <= :now
                and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            order by j.due_at, e.revision
            limit :limit
            """;

    private static final String RELEASE = """
            update embedding_jobs
            set leased_by = null, leased_until = null
            where leased_by = :instance
            """;

    /// Locks the entry before the job, as every write does.
    private static final String WAITING = """
            select e.account_id
            from embedding_jobs j
            join entries e on e.account_id = j.account_id and e.id = j.entry_id and e.version = j.version
            where j.entry_id = :entry and j.version = :version and j.due_at is not null
                and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            for update of e
            """;

    static final String READY = """
            update entries
            set embedding_state = 'ready', model_id = :model, embedding = :embedding::vector
            where account_id = :account and id = :entry
            """;

    private static final String FAILED = """
            update entries
            set embedding_state = 'failed'
            where account_id = :account and id = :entry
            """;

    private static final String POSTPONE = """
            update embedding_jobs
            set attempts = attempts + 1, due_at = :now + make_interval(secs => :seconds), leased_by = null,
                leased_until = null
            where account_id = :account and entry_id = :entry
            """;

    private static final String GIVE_UP = """
            update embedding_jobs
            set attempts = attempts + 1, due_at = null, leased_by = null, leased_until = null
            where account_id = :account and entry_id = :entry
            """;

    private static final String BACKLOG = """
            select count(*) filter (where j.due_at is not null), count(*) filter (where j.due_at is null)
            from embedding_jobs j
            join entries e on e.account_id = j.account_id and e.id = j.entry_id
            where e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            """;

    /// An entry that is on its way to another model counts for both.
    private static final String MODELS = """
            select m.name, m.dimension, count(*)
            from (
                select e.account_id, e.id, e.model_id
                from entries e
                where e.model_id is not null and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
                union
                select c.account_id, c.entry_id, c.model_id
                from entry_chunks c
                join entries e on e.account_id = c.account_id and e.id = c.entry_id and e.model_id <> c.model_id
                where e.state = 'live' and (e.expires_at is null or e.expires_at > :now)) x
            join models m on m.id = x.model_id
            group by m.name, m.dimension
            order by count(*) desc, m.name, m.dimension
            """;

    private static final double MILLIS_PER_SECOND = 1000;

    private final Database database;
    private final EntryRows rows;
    private final VectorColumn vectors;
    private final Damage damage;
    private final UUID instance = UUID.randomUUID();

    EmbeddingJobs(Database database, EntryRows rows, VectorColumn vectors, Damage damage) {
        this.database = database;
        this.rows = rows;
        this.vectors = vectors;
        this.damage = damage;
    }

    /// What is due and not taken by another instance. What is damaged can never be embedded.
    List<PendingEmbedding> pending(int limit) {
        List<Taken> taken = database.transaction(session -> {
            var script = new Script().update(TAKE, instance, limit);
            Script.Result<Taken> result = script.read(TAKEN, Taken::read, instance, limit);
            session.run(script);
            return result.all();
        });
        var pending = new ArrayList<PendingEmbedding>();
        for (Taken job : taken) {
            StoredEntry stored = job.shown.stored();
            if (damage.isIntact(stored)) {
                pending.add(new PendingEmbedding(job.shown.entry(job.namespace), job.attempts));
            } else {
                fail(stored.id(), stored.version(), null);
            }
        }
        return pending;
    }

    void complete(UUID entry, long version, Embedding embedding) {
        EmbeddingModel model = embedding.model();
        if (model != null) {
            vectors.prepare(model);
        }
        database.retried(() -> {
            try {
                return database.once(session -> completed(session, entry, version, embedding));
            } catch (FailedStatement e) {
                vectors.refresh();
                throw e;
            }
        });
    }

    private boolean completed(Session session, UUID entry, long version, Embedding embedding) {
        UUID account = session.first(WAITING, Row::uuid, entry, version);
        if (account != null) {
            EmbeddingModel model = embedding.model();
            Long number = model == null ? null : (Long) vectors.modelNumber(model);
            var script = new Script().update(READY, number, rows.ownVector(embedding), account, entry);
            rows.chunks(script, account, entry, embedding, number);
            session.run(script.update(EntryRows.ERASE_JOB, account, entry));
        }
        return account != null;
    }

    void fail(UUID entry, long version, @Nullable Long retryAfterMillis) {
        database.transaction(session -> {
            UUID account = session.first(WAITING, Row::uuid, entry, version);
            if (account != null) {
                session.run(
                        retryAfterMillis == null
                                ? new Script().update(FAILED, account, entry).update(GIVE_UP, account, entry)
                                : new Script().update(POSTPONE, retryAfterMillis / MILLIS_PER_SECOND, account, entry));
            }
            return account != null;
        });
    }

    /// Leaves what was taken to the other instances.
    void release() {
        database.read(session -> session.update(RELEASE, instance));
    }

    EmbeddingBacklog backlog() {
        return database.read(session -> Objects.requireNonNull(
                session.first(BACKLOG, row -> new EmbeddingBacklog(row.number(), row.number()))));
    }

    List<StoredModel> models() {
        return database.read(session -> session.list(
                MODELS, row -> new StoredModel(new EmbeddingModel(row.text(), row.integer()), row.number())));
    }

    private record Taken(int attempts, String namespace, EntryReads.Shown shown) {
        static Taken read(Row row) {
            return new Taken(row.integer(), row.text(), EntryReads.Shown.read(row));
        }
    }
}
