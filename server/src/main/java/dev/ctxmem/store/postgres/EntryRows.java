package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.sql.Content;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows that one version of an entry takes: the version before it moves to the history, then come the entry,
/// its vectors or its job, the event, and the namespace's count.
final class EntryRows {
    private static final String INSERT = """
            insert into entries (account_id, namespace_id, key, id, version, revision, state, value, tags, metadata,
                importance, ttl_seconds, expires_at, created_at, updated_at, key_id, request_id, checksum,
                words, word_count, embedding_state, model_id, embedding)
            values (:account, :namespace, :key, :id, :version, :revision, :state, :value, :tags, :metadata,
                :importance, :ttl_seconds, :expires_at, :created_at, :updated_at, :key_id, :request_id, :checksum,
                :words, :word_count, :embedding_state, :model, :embedding::vector)
            """;

    private static final String UPDATE = """
            update entries
            set id = :id, version = :version, revision = :revision, state = :state, value = :value, tags = :tags,
                metadata = :metadata, importance = :importance, ttl_seconds = :ttl_seconds, expires_at = :expires_at,
                created_at = :created_at, updated_at = :updated_at, key_id = :key_id, request_id = :request_id,
                checksum = :checksum, words = :words, word_count = :word_count, embedding_state = :embedding_state,
                model_id = :model, embedding = :embedding::vector
            where account_id = :account and namespace_id = :namespace and key = :key
            """;

    private static final String KEEP_FORMER = """
            insert into entry_versions (account_id, namespace_id, key, version, revision, id, deleted, value, tags,
                metadata, importance, ttl_seconds, expires_at, created_at, updated_at, key_id, request_id, checksum)
            select account_id, namespace_id, key, version, revision, id, state = 'deleted', value, tags,
                metadata, importance, ttl_seconds, expires_at, created_at, updated_at, key_id, request_id, checksum
            from entries
            where account_id = :account and namespace_id = :namespace and key = :key
            """;

    /// What keeps the version counter of a key.
    static final String INSERT_TOMBSTONE = """
            insert into entries (account_id, namespace_id, key, id, version, revision, state, value, created_at,
                checksum)
            values (:account, :namespace, :key, :id, :version, :revision, 'purged', 'null', :created_at, 0)
            """;

    static final String INSERT_FORMER = """
            insert into entry_versions (account_id, namespace_id, key, version, revision, id, deleted, value, tags,
                metadata, importance, ttl_seconds, expires_at, created_at, updated_at, key_id, request_id, checksum)
            values (:account, :namespace, :key, :version, :revision, :id, :deleted, :value, :tags,
                :metadata, :importance, :ttl_seconds, :expires_at, :created_at, :updated_at, :key_id, :request_id,
                :checksum)
            """;

    static final String ERASE_EVENTS = """
            delete from events
            where account_id = :account and revision in (
                select revision
                from entry_versions
                where account_id = :account and namespace_id = :namespace and key = :key
                union all
                select revision
                from entries
                where account_id = :account and namespace_id = :namespace and key = :key)
            """;

    static final String ERASE_VERSIONS = """
            delete from entry_versions
            where account_id = :account and namespace_id = :namespace and key = :key
            """;

    static final String ERASE_CHUNKS = """
            delete from entry_chunks
            where account_id = :account and entry_id = :entry
            """;

    static final String ERASE_JOB = """
            delete from embedding_jobs
            where account_id = :account and entry_id = :entry
            """;

    private static final String INSERT_CHUNK = """
            insert into entry_chunks (account_id, entry_id, chunk, model_id, embedding)
            values (:account, :entry, :chunk, :model, :embedding::vector)
            """;

    private static final String INSERT_JOB = """
            insert into embedding_jobs (account_id, entry_id, version, due_at)
            values (:account, :entry, :version, :due_at)
            """;

    private static final String INSERT_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, key, version, at)
            values (:account, :revision, :kind, :namespace, :slug, :key, :version, :at)
            """;

    static final String COUNT_IN_NAMESPACE = """
            update namespaces
            set entries = entries + :more
            where account_id = :account and id = :namespace
            """;

    private final VectorColumn vectors;

    EntryRows(VectorColumn vectors) {
        this.vectors = vectors;
    }

    Script script(Change change, Instant now) {
        var script = new Script();
        UUID account = change.account;
        StoredEntry next = change.next;
        clear(script, change, now);
        entry(script, change, change.before != null);
        if (change.embedding.state() == EmbeddingState.PENDING) {
            script.update(INSERT_JOB, account, next.id(), next.version(), now);
        }
        script.update(
                INSERT_EVENT,
                account,
                next.revision(),
                change.kind,
                change.namespace,
                change.slug,
                next.key(),
                next.version(),
                now);
        int more = change.moreEntries();
        if (more != 0) {
            script.update(COUNT_IN_NAMESPACE, (long) more, account, change.namespace);
        }
        return script;
    }

    /// The entry's own row, which takes the place of the one that `isThere`, and its vectors.
    void entry(Script script, Change change, boolean isThere) {
        Long model = change.embedding.model() == null ? null : (Long) vectors.modelNumber(change.embedding.model());
        script.update(isThere ? UPDATE : INSERT, arguments(change, model, isThere));
        chunks(script, change.account, change.next.id(), change.embedding, model);
    }

    /// Adds the vectors that the entry's own row does not hold.
    void chunks(Script script, UUID account, UUID entry, Embedding embedding, @Nullable Long model) {
        beside(script, account, entry, embedding, model, ownChunks(embedding));
    }

    /// Adds vectors in the table beside the entry, from the chunk `first` on.
    static void beside(Script script, UUID account, UUID entry, Embedding embedding, @Nullable Long model, int first) {
        for (int i = first; i < embedding.chunks().size(); i++) {
            script.update(
                    INSERT_CHUNK, account, entry, i, model, embedding.chunks().get(i));
        }
    }

    /// The vector for `entries.embedding`.
    @Nullable
    String ownVector(Embedding embedding) {
        return ownChunks(embedding) == 0 ? null : embedding.chunks().getFirst();
    }

    private int ownChunks(Embedding embedding) {
        EmbeddingModel model = embedding.model();
        return model != null && vectors.holds(model) ? 1 : 0;
    }

    /// Makes way for the next version. Of an expired entry nothing is left.
    private static void clear(Script script, Change change, Instant now) {
        CurrentEntry before = change.before;
        if (before == null) {
            return;
        }
        UUID account = change.account;
        if (before.hasExpired(now)) {
            script.update(ERASE_EVENTS, account, change.namespace, before.key());
            script.update(ERASE_VERSIONS, account, change.namespace, before.key());
        } else if (!before.isPurged()) {
            script.update(KEEP_FORMER, account, change.namespace, before.key());
        }
        if (before.hasVectors()) {
            script.update(ERASE_CHUNKS, account, before.id());
        }
        if (before.hasJob()) {
            script.update(ERASE_JOB, account, before.id());
        }
    }

    /// In the order of the names in [#INSERT]; [#UPDATE] has another.
    private @Nullable Object[] arguments(Change change, @Nullable Long model, boolean isThere) {
        StoredEntry next = change.next;
        Content content = next.content();
        Instant expiresAt = content.expiresAt() == null ? null : Instant.ofEpochMilli(content.expiresAt());
        @Nullable Object[] place = {change.account, change.namespace, next.key()};
        @Nullable
        Object[] what = {
            next.id(),
            next.version(),
            next.revision(),
            next.deleted() ? "deleted" : "live",
            content.valueJson().text(),
            change.tags.toArray(String[]::new),
            content.metadataJson().text(),
            content.importance(),
            content.ttlSeconds(),
            expiresAt,
            Instant.ofEpochMilli(next.createdAt()),
            Instant.ofEpochMilli(content.changedAt()),
            next.keyId(),
            next.requestId(),
            next.checksum(),
            change.words.words(),
            change.words.contentStems(),
            Embedding.name(change.embedding.state()),
            model,
            ownVector(change.embedding)
        };
        return isThere ? joined(what, place) : joined(place, what);
    }

    private static @Nullable Object[] joined(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /// The next version of a key, whose revision and state are in `next`. `before` is what is under the key now.
    record Change(
            UUID account,
            UUID namespace,
            String slug,
            @Nullable CurrentEntry before,
            String kind,
            StoredEntry next,
            List<String> tags,
            Lexicon.Indexed words,
            Embedding embedding) {
        /// By how many the entries of account and namespace grow.
        int moreEntries() {
            int counted = before != null && before.isCounted() ? 1 : 0;
            return (next.deleted() ? 0 : 1) - counted;
        }
    }
}
