package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.store.sql.TierLimit;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Namespaces: made, read, and erased with all they hold.
final class NamespaceRows {
    /// `entries` counts what has expired until it is purged; what is shown does not.
    private static final String COLUMNS = """
            select n.id, n.slug, n.name, n.description, n.created_at, n.updated_at, n.entries - (
                select count(*)
                from entries e indexed by entries_expiring
                where e.namespace_id = n.row_id and e.state = 0 and e.expires_at <= :now)
            from namespaces n
            """;

    private static final String LIST = COLUMNS + "where n.account_id = :account order by n.slug";
    private static final String GET = COLUMNS + "where n.account_id = :account and n.slug = :slug";

    private static final String ROW = """
            select row_id
            from namespaces
            where account_id = :account and slug = :slug
            """;

    private static final String ACCOUNT_NAMESPACES = """
            select namespaces
            from accounts
            where id = :account
            """;

    private static final String INSERT = """
            insert into namespaces (row_id, account_id, slug, id, name, description, created_at, updated_at)
            values (:row, :account, :slug, :id, :name, :description, :created_at, :updated_at)
            """;

    private static final String COUNT_ONE_MORE = """
            update accounts
            set namespaces = namespaces + 1
            where id = :account
            """;

    private static final String DOOMED = """
            select n.row_id, n.entries, a.revision
            from namespaces n
            join accounts a on a.id = n.account_id
            where n.account_id = :account and n.slug = :slug
            """;

    private static final String ERASE_EVENTS = """
            delete from events
            where account_id = :account and revision in (
                select v.revision
                from entries e
                join versions v on v.entry = e.row_id
                where e.namespace_id = :namespace)
            """;

    /// Children first; each takes the namespace.
    private static final List<String> ERASE = List.of(
            "delete from entry_tags where namespace_id = :namespace",
            """
            delete from embedding_jobs
            where entry in (select row_id from entries where namespace_id = :namespace)
            """,
            """
            delete from vectors
            where entry in (select row_id from entries where namespace_id = :namespace)
            """,
            """
            delete from versions
            where entry in (select row_id from entries where namespace_id = :namespace)
            """,
            "delete from entries where namespace_id = :namespace",
            "delete from namespaces where row_id = :namespace");

    private static final String COUNT_DOWN = """
            update accounts
            set namespaces = namespaces - 1, entries = entries - :entries, revision = :revision
            where id = :account
            """;

    private static final String INSERT_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, at)
            values (:account, :revision, 'namespace_deleted', :namespace, :slug, :at)
            """;

    private static final String TELL_INDEX = """
            insert into removed_namespaces (seq, namespace_id)
            values (:seq, :namespace)
            """;

    private static final String INDEX_KNOWS = "delete from removed_namespaces where seq <= :durable";

    private final Supplier<UUID> ids;

    NamespaceRows(Supplier<UUID> ids) {
        this.ids = ids;
    }

    static List<Namespace> list(Session session, UUID account, long now) {
        return session.list(LIST, NamespaceRows::read, now, account);
    }

    static @Nullable Namespace get(Session session, UUID account, String slug, long now) {
        return session.first(GET, NamespaceRows::read, now, account, slug);
    }

    /// The row of a namespace; NOT_FOUND.
    static long row(Session session, UUID account, String slug) {
        Long row = session.first(ROW, Row::number, account, slug);
        if (row == null) {
            throw MemoryException.notFound("Namespace");
        }
        return row;
    }

    Namespace create(Transaction transaction, Principal principal, NewNamespace namespace, TierLimits limits) {
        UUID account = principal.account();
        if (transaction.first(ROW, Row::number, account, namespace.slug()) != null) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS, "The namespace '" + namespace.slug() + "' exists already.");
        }
        Long count = transaction.first(ACCOUNT_NAMESPACES, Row::number, account);
        if (count == null) {
            throw MemoryException.notFound("Account");
        }
        var quota = new Quota(count, limits.namespaces());
        if (!quota.allows(1)) {
            throw TierLimit.reached("namespaces", quota);
        }
        UUID id = ids.get();
        long now = transaction.now();
        transaction.update(
                INSERT,
                transaction.nextSequence(),
                account,
                namespace.slug(),
                id,
                namespace.name(),
                namespace.description(),
                now,
                now);
        transaction.update(COUNT_ONE_MORE, account);
        Instant at = Instant.ofEpochMilli(now);
        return new Namespace(id, namespace.slug(), namespace.name(), namespace.description(), 0, at, at);
    }

    /// `indexDurable`: the index needs no reminder of what it has made durable.
    static DeletedNamespace delete(Transaction transaction, UUID account, String slug, long indexDurable) {
        Doomed doomed = transaction.first(DOOMED, Doomed::read, account, slug);
        if (doomed == null) {
            throw MemoryException.notFound("Namespace");
        }
        transaction.update(ERASE_EVENTS, account, doomed.row);
        for (String erase : ERASE) {
            transaction.update(erase, doomed.row);
        }
        long revision = doomed.revision + 1;
        transaction.update(COUNT_DOWN, doomed.entries, revision, account);
        transaction.update(INSERT_EVENT, account, revision, doomed.row, slug, transaction.now());
        transaction.update(TELL_INDEX, transaction.nextSequence(), doomed.row);
        transaction.update(INDEX_KNOWS, indexDurable);
        return new DeletedNamespace(slug, revision);
    }

    private static Namespace read(Row row) {
        UUID id = row.uuid();
        String slug = row.text();
        String name = row.text();
        String description = row.textOrNull();
        Instant createdAt = row.instant();
        Instant updatedAt = row.instant();
        return new Namespace(id, slug, name, description, row.number(), createdAt, updatedAt);
    }

    private record Doomed(long row, long entries, long revision) {
        static Doomed read(Row row) {
            return new Doomed(row.number(), row.number(), row.number());
        }
    }
}
