package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of a store, seen with plain SQL.
final class Records {
    /// Each finds rows that contradict the promise named by its key (P4, P5).
    private static final Map<String, String> CONTRADICTIONS = new LinkedHashMap<>();

    static {
        CONTRADICTIONS.put("the versions before the current one have no gap, but what was erased is a prefix", """
                select e.key from entries e
                join entry_versions v using (account_id, namespace_id, key)
                group by e.account_id, e.namespace_id, e.key, e.version
                having max(v.version) <> e.version - 1 or max(v.version) - min(v.version) + 1 <> count(*)
                """);
        CONTRADICTIONS.put("revisions grow with the versions of a key", """
                with history as (
                    select account_id, namespace_id, key, version, revision from entry_versions
                    union all
                    select account_id, namespace_id, key, version, revision from entries)
                select a.key from history a
                join history b using (account_id, namespace_id, key)
                where b.version > a.version and b.revision <= a.revision
                """);
        CONTRADICTIONS.put("each version has exactly one event, and each event its version", """
                with history as (
                    select account_id, namespace_id, key, version, revision from entry_versions
                    union all
                    select account_id, namespace_id, key, version, revision from entries where state <> 'purged')
                select coalesce(h.key, x.key) from history h
                full join (select * from events where kind <> 'namespace_deleted') x
                    using (account_id, revision)
                where h.key is null or x.key is null or h.key <> x.key or h.version <> x.version
                    or h.namespace_id <> x.namespace_id
                """);
        CONTRADICTIONS.put("the account's revision is not behind its events", """
                select s.account_id::text from account_state s
                where s.revision < (select coalesce(max(x.revision), 0) from events x where x.account_id = s.account_id)
                """);
        CONTRADICTIONS.put("the account counts its namespaces and entries", """
                select s.account_id::text from account_state s
                where s.namespaces <> (select count(*) from namespaces n where n.account_id = s.account_id)
                    or s.entries <> (
                        select count(*) from entries e where e.account_id = s.account_id and e.state = 'live')
                """);
        CONTRADICTIONS.put("the namespace counts its entries", """
                select n.slug from namespaces n
                where n.entries <> (
                    select count(*) from entries e
                    where e.account_id = n.account_id and e.namespace_id = n.id and e.state = 'live')
                """);
        CONTRADICTIONS.put("vectors are there exactly where the entry names a model", """
                select e.key from entries e
                left join entry_chunks c on c.account_id = e.account_id and c.entry_id = e.id
                left join models m on m.id = e.model_id
                left join models n on n.id = c.model_id
                where (e.model_id is null) <> (e.embedding is null and c.entry_id is null)
                    or vector_dims(c.embedding) <> n.dimension or vector_dims(e.embedding) <> m.dimension
                """);
        CONTRADICTIONS.put("an entry that waits or has failed has its job, and nothing else has one", """
                select e.key from entries e
                full join embedding_jobs j on j.account_id = e.account_id and j.entry_id = e.id
                    and j.version = e.version
                where e.key is null or e.embedding_state <> case
                        when j.entry_id is null then 'ready' when j.due_at is null then 'failed' else 'pending' end
                    or (j.entry_id is not null and (e.state <> 'live' or e.model_id is not null))
                """);
        CONTRADICTIONS.put("a purged entry has nothing left but its counter", """
                select e.key from entries e
                where e.state = 'purged' and (e.value <> 'null' or e.expires_at is not null or e.words <> '{}'
                    or exists (
                        select 1 from entry_versions v
                        where v.account_id = e.account_id and v.namespace_id = e.namespace_id and v.key = e.key))
                """);
    }

    private Records() {}

    /// Fails when the records contradict each other.
    static void verify(TestDatabase database) {
        CONTRADICTIONS.forEach((promise, sql) -> assertEquals(List.of(), database.query(sql), promise));
    }
}
