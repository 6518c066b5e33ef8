package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
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
            insert into versions (seq, entry, version, revision, deleted, importance, ttl_seconds, expires_at,
                changed_at, key_id, request_id, checksum, tags, metadata, value)
            values (:seq, :entry, :version, :revision, :deleted, :importance, :ttl_seconds, :expires_at,
                :changed_at, :key_id, :request_id, :checksum, :tags, :metadata, :value)
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

    /// Writes the head, its version, and what hangs on it; returns the entry's row.
    static long store(
            Transaction transaction, @Nullable CurrentEntry current, Head head, Content content, Embedding embedding) {
        EmbeddingModel vectorsOf = embedding.model();
        Long model = vectorsOf == null ? null : (Long) Attachments.model(transaction, vectorsOf);
        long sequence = transaction.nextSequence();
        long row = current == null ? sequence : current.row();
        long contentChecksum = content.checksum();
        long headChecksum = head.checksum(contentChecksum);
        if (current == null) {
            transaction.update(
                    INSERT_HEAD,
                    row,
                    head.namespace(),
                    head.key(),
                    head.id(),
                    head.version(),
                    head.revision(),
                    head.state().code(),
                    Embedding.code(embedding.state()),
                    model,
                    sequence,
                    sequence,
                    head.createdAt(),
                    head.expiresAt(),
                    headChecksum);
        } else {
            transaction.update(
                    UPDATE_HEAD,
                    head.id(),
                    head.version(),
                    head.revision(),
                    head.state().code(),
                    Embedding.code(embedding.state()),
                    model,
                    sequence,
                    sequence,
                    head.createdAt(),
                    head.expiresAt(),
                    headChecksum,
                    row);
        }
        storeVersion(transaction, sequence, row, content, contentChecksum);
        attach(transaction, row, head, content, embedding);
        return row;
    }

    private static void storeVersion(Transaction transaction, long sequence, long row, Content content, long checksum) {
        byte[] requestId = content.requestId();
        transaction.update(
                INSERT_VERSION,
                sequence,
                row,
                content.version(),
                content.revision(),
                content.deleted(),
                content.importance(),
                content.ttlSeconds(),
                content.expiresAt(),
                content.changedAt(),
                content.keyId(),
                requestId == null ? null : Content.text(requestId),
                checksum,
                Content.text(content.tags()),
                Content.text(content.metadata()),
                Content.text(content.value()));
    }

    /// The event, the account's revision, and the counts.
    static void record(Transaction transaction, UUID account, Head head, long entry, String kind, int moreEntries) {
        transaction.update(
                INSERT_EVENT,
                account,
                head.revision(),
                kind,
                head.namespace(),
                entry,
                head.version(),
                transaction.now());
        transaction.update(COUNT_IN_ACCOUNT, head.revision(), moreEntries, account);
        if (moreEntries != 0) {
            transaction.update(COUNT_IN_NAMESPACE, moreEntries, head.namespace());
        }
    }

    private static void attach(Transaction transaction, long entry, Head head, Content content, Embedding embedding) {
        if (content.hasTags()) {
            Attachments.addTags(transaction, head.namespace(), entry, head.revision(), Content.text(content.tags()));
        }
        byte[] chunks = embedding.chunks();
        if (chunks != null) {
            Attachments.putVectors(transaction, entry, chunks);
        }
        if (embedding.state() == EmbeddingState.PENDING) {
            Attachments.putJob(transaction, entry, head.version(), transaction.now());
        }
    }
}
