package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.EmbeddingModel;

/// What hangs on an entry's current version: its tags, its vectors, its embedding job. Tags are passed as the
/// JSON text of `versions.tags`.
final class Attachments {
    private static final String INSERT_TAGS = """
            insert into entry_tags (namespace_id, tag, revision, entry)
            select :namespace, value, :revision, :entry
            from json_each(:tags)
            """;

    /// Finds the tags in the version that is still current. Damaged JSON leaves rows behind; they have an old
    /// revision, so that nobody looks at them.
    private static final String DELETE_TAGS = """
            delete from entry_tags
            where namespace_id = :namespace and revision = :revision and tag in (
                select t.value
                from entries e
                join versions v on v.seq = e.content
                join json_each(case when json_valid(v.tags) then v.tags else '[]' end) t
                where e.row_id = :entry)
            """;

    private static final String MODEL = """
            select id
            from models
            where name = :name and dimension = :dimension
            """;

    private static final String INSERT_MODEL = """
            insert into models (name, dimension)
            values (:name, :dimension)
            """;

    private static final String INSERT_VECTORS = """
            insert into vectors (entry, model, chunks)
            values (:entry, :model, :chunks)
            on conflict (entry, model) do update set chunks = excluded.chunks
            """;

    private static final String DELETE_VECTORS = "delete from vectors where entry = :entry";

    private static final String INSERT_JOB = """
            insert into embedding_jobs (entry, version, attempts, due_at)
            values (:entry, :version, 0, :due_at)
            on conflict (entry) do update
            set version = excluded.version, attempts = excluded.attempts, due_at = excluded.due_at
            """;

    private static final String DELETE_JOB = "delete from embedding_jobs where entry = :entry";

    private Attachments() {}

    static void addTags(Transaction transaction, long namespace, long entry, long revision, String tags) {
        transaction.update(INSERT_TAGS, namespace, revision, entry, tags);
    }

    /// Before the entry gets its next version.
    static void removeTags(Transaction transaction, long namespace, long entry, long revision) {
        transaction.update(DELETE_TAGS, namespace, revision, entry);
    }

    /// The number of a model, which is given one if it is new.
    static long model(Transaction transaction, EmbeddingModel model) {
        Long id = transaction.first(MODEL, Row::number, model.name(), model.dimension());
        if (id == null) {
            transaction.update(INSERT_MODEL, model.name(), model.dimension());
            id = transaction.number(MODEL, model.name(), model.dimension());
        }
        return id;
    }

    static void putVectors(Transaction transaction, long entry, long model, byte[] chunks) {
        transaction.update(INSERT_VECTORS, entry, model, chunks);
    }

    /// Those of every model.
    static void removeVectors(Transaction transaction, long entry) {
        transaction.update(DELETE_VECTORS, entry);
    }

    static void putJob(Transaction transaction, long entry, long version, long dueAtMillis) {
        transaction.update(INSERT_JOB, entry, version, dueAtMillis);
    }

    static void removeJob(Transaction transaction, long entry) {
        transaction.update(DELETE_JOB, entry);
    }
}
