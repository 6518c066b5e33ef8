package dev.ctxmem.store.postgres;

import dev.ctxmem.store.Faults;
import dev.ctxmem.store.postgres.Transaction.State;
import java.util.List;
import java.util.UUID;

/// Forgets what has expired: versions, events, vectors and jobs of an entry go, its row stays as a tombstone that
/// keeps the version counter of the key. Several instances may do it at once: an account that another one holds is
/// left to that one.
final class Erasure {
    private static final String EXPIRED = """
            select e.account_id, e.namespace_id, e.key
            from entries e
            where e.state = 'live' and e.expires_at <= :now
            order by e.expires_at, e.account_id, e.revision
            limit :limit
            """;

    private static final String LOCK = """
            select revision, namespaces, entries
            from account_state
            where account_id = :account
            for update skip locked
            """;

    private static final String STILL_EXPIRED = """
            select e.id
            from entries e
            where e.account_id = :account and e.namespace_id = :namespace and e.key = :key
                and e.state = 'live' and e.expires_at <= :now
            for update
            """;

    private static final String TOMBSTONE = """
            update entries
            set state = 'purged', value = 'null', tags = '{}', metadata = '{}', words = '{}', word_count = 0,
                ttl_seconds = null, expires_at = null, key_id = null, request_id = null, checksum = 0,
                embedding_state = 'ready', model_id = null, embedding = null
            where account_id = :account and namespace_id = :namespace and key = :key
            """;

    private static final String COUNT = """
            update account_state
            set entries = :entries
            where account_id = :account
            """;

    private final Database database;

    Erasure(Database database) {
        this.database = database;
    }

    /// How many entries it erased: up to `limit`, those that expired first.
    int purgeExpired(int limit) {
        List<Expired> expired = database.read(session -> session.list(EXPIRED, Expired::read, limit));
        int erased = 0;
        for (UUID account : expired.stream().map(Expired::account).distinct().toList()) {
            List<Expired> ofAccount = expired.stream()
                    .filter(entry -> entry.account.equals(account))
                    .toList();
            erased += database.transaction(session -> purge(session, account, ofAccount));
        }
        return erased;
    }

    private static int purge(Session session, UUID account, List<Expired> expired) {
        State state = session.first(LOCK, State::read, account);
        if (state == null) {
            return 0;
        }
        var erase = new Script();
        int erased = 0;
        for (Expired entry : expired) {
            UUID id = session.first(STILL_EXPIRED, Row::uuid, account, entry.namespace, entry.key);
            if (id != null) {
                erase.update(EntryRows.ERASE_EVENTS, account, entry.namespace, entry.key)
                        .update(EntryRows.ERASE_VERSIONS, account, entry.namespace, entry.key)
                        .update(EntryRows.ERASE_CHUNKS, account, id)
                        .update(EntryRows.ERASE_JOB, account, id)
                        .update(TOMBSTONE, account, entry.namespace, entry.key)
                        .update(EntryRows.COUNT_IN_NAMESPACE, -1L, account, entry.namespace);
                erased++;
                Faults.hit("purge");
            }
        }
        if (erased > 0) {
            session.run(erase.update(COUNT, state.entries() - erased, account));
        }
        return erased;
    }

    private record Expired(UUID account, UUID namespace, String key) {
        static Expired read(Row row) {
            return new Expired(row.uuid(), row.uuid(), row.text());
        }
    }
}
