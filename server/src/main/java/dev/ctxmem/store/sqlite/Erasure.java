package dev.ctxmem.store.sqlite;

import dev.ctxmem.store.Faults;
import java.util.List;
import java.util.UUID;

/// Forgets what has expired: versions, events, vectors, jobs and tags of an entry go, its head stays as a
/// tombstone that keeps the version counter of the key.
final class Erasure {
    private static final String EXPIRED = """
            select e.row_id, e.namespace_id, e.revision, n.account_id
            from entries e indexed by entries_by_expiry
            cross join namespaces n on n.row_id = e.namespace_id
            where e.state = 0 and e.expires_at <= :now
            order by e.expires_at, e.row_id
            limit :limit
            """;

    private static final String EVENTS = """
            delete from events
            where account_id = :account and revision in (select revision from versions where entry = :entry)
            """;

    private static final String VERSIONS = "delete from versions where entry = :entry";

    private static final String TOMBSTONE = """
            update entries
            set state = 2, embedding = 0, model = null, content = null, expires_at = null, checksum = 0, seq = :seq
            where row_id = :entry
            """;

    private static final String COUNT_IN_ACCOUNT = """
            update accounts
            set entries = entries - 1
            where id = :account
            """;

    private static final String COUNT_IN_NAMESPACE = """
            update namespaces
            set entries = entries - 1
            where row_id = :namespace
            """;

    private Erasure() {}

    /// How many entries it erased: up to `limit`, those that expired first.
    static int purgeExpired(Transaction transaction, int limit) {
        List<Expired> expired = transaction.list(EXPIRED, Expired::read, transaction.now(), limit);
        for (Expired entry : expired) {
            Attachments.removeTags(transaction, entry.namespace, entry.row, entry.revision);
            Attachments.removeVectors(transaction, entry.row);
            Attachments.removeJob(transaction, entry.row);
            eraseVersions(transaction, entry.account, entry.row);
            transaction.update(TOMBSTONE, transaction.nextSequence(), entry.row);
            transaction.update(COUNT_IN_ACCOUNT, entry.account);
            transaction.update(COUNT_IN_NAMESPACE, entry.namespace);
            Faults.hit("purge");
        }
        return expired.size();
    }

    static void eraseVersions(Transaction transaction, UUID account, long entry) {
        transaction.update(EVENTS, account, entry);
        transaction.update(VERSIONS, entry);
    }

    private record Expired(long row, long namespace, long revision, UUID account) {
        static Expired read(Row row) {
            return new Expired(row.number(), row.number(), row.number(), row.uuid());
        }
    }
}
