package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.store.sql.Content;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows that one version of an entry takes: head, version, tags, vectors or job, event, and the counters.
final class EntryRows {
    private static final String INSERT_HEAD = """
            insert into entries (row_id, namespace_id, key, id, version, revision, state, embedding, model, seq,
                content, created_at, expires_at, checksum)
            values (:row, :namespace, :key, :id, :version, :revision, :state, :embedding, :model, :seq,
                :content, :created_at, :expires_at, :checksum)
            """;

    private static final String UPDATE_HEAD = """
            update entries
            set id = :id, version = :version, revision = :revision, state = :state, embedding = :embedding,
                model = :model, seq = :seq, content = :content, created_at = :created_at, expires_at = :expires_at,
                checksum = :checksum
            where row_id = :row
            """;

    private static final String INSERT_VERSION = """
            insert into versions (seq, entry, version, revision, deleted, key_id, request_id, importance, ttl_seconds,
                expires_at, changed_at, checksum, tags, metadata, value)
            values (:seq, :entry, :version, :revision, :deleted, :key_id, :request_id, :importance, :ttl_seconds,
                :expires_at, :changed_at, :checksum, :tags, :metadata, :value)
            """;

    private static final String INSERT_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, entry, version, at)
            values (:account, :revision, :kind, :namespace, :entry, :version, :at)
            """;

    private static final String COUNT_IN_ACCOUNT = """
            update accounts
            set revision = :revision, entries = entries + :more
            where id = :account
            """;

    private static final String COUNT_IN_NAMESPACE = """
            update namespaces
            set entries = entries + :more
            where row_id = :namespace
            """;

    private EntryRows() {}

    /// The next version of a key. `before` is what was under the key, which has been cleared away.
    record Change(
            Principal principal,
            long namespace,
            @Nullable CurrentEntry before,
            Head head,
            Head.State state,
            long revision,
            Content content,
            Embedding embedding) {
        boolean isFirst() {
            return before == null;
        }

        /// By how many the entries of account and namespace grow. What has expired is counted until it is purged.
        int moreEntries() {
            int counted = before != null && before.state() == Head.State.LIVE ? 1 : 0;
            return (state == Head.State.LIVE ? 1 : 0) - counted;
        }
    }

    /// `kind` is the event's name.
    static void write(Transaction transaction, Change change, String kind) {
        EmbeddingModel vectorsOf = change.embedding.model();
        Long model = vectorsOf == null ? null : (Long) Attachments.model(transaction, vectorsOf);
        long sequence = transaction.nextSequence();
        long row = change.before == null ? sequence : change.before.row();
        if (change.isFirst()) {
            insertHead(transaction, change, sequence, model);
        } else {
            updateHead(transaction, change, sequence, model, row);
        }
        insertVersion(transaction, change, sequence, row);
        attach(transaction, change, row, model);
        record(transaction, change, row, kind);
    }

    private static void insertHead(Transaction transaction, Change change, long sequence, @Nullable Long model) {
        Head head = change.head;
        transaction.update(
                INSERT_HEAD,
                sequence,
                change.namespace,
                head.key(),
                head.id(),
                head.version(),
                change.revision,
                change.state.code(),
                Embedding.code(change.embedding.state()),
                model,
                sequence,
                sequence,
                head.createdAt(),
                change.content.expiresAt(),
                head.checksum(change.content));
    }

    private static void updateHead(
            Transaction transaction, Change change, long sequence, @Nullable Long model, long row) {
        Head head = change.head;
        transaction.update(
                UPDATE_HEAD,
                head.id(),
                head.version(),
                change.revision,
                change.state.code(),
                Embedding.code(change.embedding.state()),
                model,
                sequence,
                sequence,
                head.createdAt(),
                change.content.expiresAt(),
                head.checksum(change.content),
                row);
    }

    private static void insertVersion(Transaction transaction, Change change, long sequence, long row) {
        Content content = change.content;
        var version = new Version(
                change.head.version(),
                change.revision,
                change.state == Head.State.DELETED,
                change.principal.key(),
                change.principal.requestId(),
                content);
        transaction.update(
                INSERT_VERSION,
                sequence,
                row,
                version.version(),
                version.revision(),
                version.deleted(),
                version.keyId(),
                version.requestId(),
                content.importance(),
                content.ttlSeconds(),
                content.expiresAt(),
                content.changedAt(),
                version.checksum(),
                content.tagsText(),
                content.metadataJson().text(),
                content.valueJson().text());
    }

    private static void attach(Transaction transaction, Change change, long row, @Nullable Long model) {
        if (change.content.hasTags()) {
            Attachments.addTags(transaction, change.namespace, row, change.revision, change.content.tagsText());
        }
        byte[] chunks = change.embedding.chunks();
        if (chunks != null && model != null) {
            Attachments.putVectors(transaction, row, model, chunks);
        }
        if (change.embedding.state() == EmbeddingState.PENDING) {
            Attachments.putJob(transaction, row, change.head.version(), transaction.now());
        }
    }

    /// The event, the account's revision, and the counts.
    private static void record(Transaction transaction, Change change, long row, String kind) {
        UUID account = change.principal.account();
        transaction.update(
                INSERT_EVENT,
                account,
                change.revision,
                kind,
                change.namespace,
                row,
                change.head.version(),
                transaction.now());
        int more = change.moreEntries();
        transaction.update(COUNT_IN_ACCOUNT, change.revision, more, account);
        if (more != 0) {
            transaction.update(COUNT_IN_NAMESPACE, more, change.namespace);
        }
    }
}
