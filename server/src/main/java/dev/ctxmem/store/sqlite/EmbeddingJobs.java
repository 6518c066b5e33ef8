package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.MemoryStore.EmbeddingBacklog;
import dev.ctxmem.memory.MemoryStore.StoredModel;
import dev.ctxmem.memory.PendingEmbedding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Entries that wait for their vectors. A finished job changes neither version nor revision: it is no event of
/// the feed, only the search index learns of it.
final class EmbeddingJobs {
    private static final String DUE = "select j.attempts, n.slug, e.key, " + StoredEntry.COLUMNS + """
            from embedding_jobs j indexed by embedding_jobs_by_due
            cross join entries e on e.row_id = j.entry and e.version = j.version
            cross join namespaces n on n.row_id = e.namespace_id
            cross join versions v on v.seq = e.content
            where j.due_at <= :now and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            order by j.due_at, j.entry
            limit :limit
            """;

    private static final String WAITING = """
            select e.row_id
            from entries e
            join embedding_jobs j on j.entry = e.row_id and j.version = e.version
            where e.id = :id and e.version = :version and e.state = 0
                and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String SET_STATE = """
            update entries
            set embedding = :embedding, model = :model, seq = :seq
            where row_id = :row
            """;

    private static final String POSTPONE = """
            update embedding_jobs
            set attempts = attempts + 1, due_at = :due_at
            where entry = :entry
            """;

    private static final String BACKLOG = """
            select embedding, count(*)
            from entries indexed by entries_by_embedding
            where state = 0 and embedding > 0 and (expires_at is null or expires_at > :now)
            group by embedding
            order by embedding
            """;

    private static final String MODELS = """
            select m.name, m.dimension, count(*)
            from vectors x indexed by vectors_by_model
            join entries e on e.row_id = x.entry
            join models m on m.id = x.model
            where e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            group by m.id
            order by count(*) desc, m.name, m.dimension
            """;

    private EmbeddingJobs() {}

    /// What is due, and which of it is damaged and can never be embedded.
    static Due due(Session session, int limit, long now) {
        var due = new Due(new ArrayList<>(), new ArrayList<>());
        session.each(
                DUE,
                row -> {
                    int attempts = row.integer();
                    String namespace = row.text();
                    StoredEntry stored = StoredEntry.read(row, row.text());
                    if (stored.intact()) {
                        due.pending.add(new PendingEmbedding(stored.entry(namespace), attempts));
                    } else {
                        due.damaged.add(stored.head());
                    }
                },
                now,
                limit);
        return due;
    }

    static void complete(Transaction transaction, UUID entryId, long version, Embedding vectors) {
        Long row = transaction.first(WAITING, Row::number, entryId, version, transaction.now());
        EmbeddingModel model = vectors.model();
        byte[] chunks = vectors.chunks();
        if (row == null) {
            return;
        }
        Long modelId = null;
        if (model != null && chunks != null) {
            modelId = Attachments.model(transaction, model);
            Attachments.putVectors(transaction, row, modelId, chunks);
        }
        setState(transaction, row, EmbeddingState.READY, modelId);
        Attachments.removeJob(transaction, row);
    }

    static void fail(Transaction transaction, UUID entryId, long version, @Nullable Long retryAfterMillis) {
        Long row = transaction.first(WAITING, Row::number, entryId, version, transaction.now());
        if (row == null) {
            return;
        }
        if (retryAfterMillis == null) {
            setState(transaction, row, EmbeddingState.FAILED, null);
            Attachments.removeJob(transaction, row);
        } else {
            transaction.update(POSTPONE, transaction.now() + retryAfterMillis, row);
        }
    }

    static EmbeddingBacklog backlog(Session session, long now) {
        Map<Long, Long> counts = new HashMap<>();
        session.each(BACKLOG, row -> counts.put(row.number(), row.number()), now);
        return new EmbeddingBacklog(
                counts.getOrDefault((long) Embedding.code(EmbeddingState.PENDING), 0L),
                counts.getOrDefault((long) Embedding.code(EmbeddingState.FAILED), 0L));
    }

    static List<StoredModel> models(Session session, long now) {
        return session.list(
                MODELS, row -> new StoredModel(new EmbeddingModel(row.text(), row.integer()), row.number()), now);
    }

    private static void setState(Transaction transaction, long row, EmbeddingState state, @Nullable Long model) {
        transaction.update(SET_STATE, Embedding.code(state), model, transaction.nextSequence(), row);
    }

    /// Jobs whose time has come.
    record Due(List<PendingEmbedding> pending, List<Head> damaged) {}
}
