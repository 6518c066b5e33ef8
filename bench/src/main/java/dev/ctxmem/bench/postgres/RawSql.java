package dev.ctxmem.bench.postgres;

import java.util.Arrays;
import java.util.UUID;

/// What a programmer would write for pgbench: the same rows by the same conditions as the store's statements.
final class RawSql {
    private RawSql() {}

    /// An entry by its key, out of so many.
    static String get(UUID account, int entries) {
        return """
                \\set number random(0, %d)
                select e.key, e.id, e.version, e.revision, e.key_id, e.request_id, e.created_at, e.importance,
                    e.ttl_seconds, e.expires_at, e.updated_at, e.tags, e.metadata, e.value, e.checksum,
                    e.embedding_state
                from namespaces n
                join entries e on e.account_id = n.account_id and e.namespace_id = n.id
                where n.account_id = '%2$s' and n.slug = '%3$s' and e.account_id = '%2$s' and e.key = 'note-' || :number
                    and e.state = 'live' and (e.expires_at is null or e.expires_at > statement_timestamp());
                """.formatted(entries - 1, account, FilledStore.NAMESPACE);
    }

    /// The nearest entries of one model.
    static String search(UUID account, String model, float[] vector, int limit) {
        return """
                select e.id, e.embedding <=> '%1$s' as distance
                from entries e
                where e.account_id = '%2$s' and e.state = 'live'
                    and (e.expires_at is null or e.expires_at > statement_timestamp()) and e.model_id = %3$s
                order by e.embedding <=> '%1$s'
                limit %4$d;
                """.formatted(Arrays.toString(vector).replace(" ", ""), account, model, limit);
    }
}
