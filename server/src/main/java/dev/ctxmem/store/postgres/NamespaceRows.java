package dev.ctxmem.store.postgres;

import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.store.postgres.Transaction.State;
import dev.ctxmem.store.sql.TierLimit;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Namespaces: made, read, and erased with all they hold.
final class NamespaceRows {
    /// `entries` counts what has expired until it is purged; what is shown does not.
    private static final String COLUMNS = """
            select n.id, n.slug, n.name, n.description, n.created_at, n.updated_at, n.entries - (
                select count(*)
                from entries e
                where e.account_id = n.account_id and e.namespace_id = n.id and e.state = 'live'
                    and e.expires_at <= :now)
            from namespaces n
            """;

    private static final String LIST = COLUMNS + "where n.account_id = :account order by n.slug";
    private static final String GET = COLUMNS + "where n.account_id = :account and n.slug = :slug";

    /// The time, and the namespace if there is one.
    static final String FIND = """
            select date_trunc('milliseconds', :now), (
                select n.id
                from namespaces n
                where n.account_id = :account and n.slug = :slug)
            """;

    static final String OPEN_ACCOUNT = """
            insert into account_state (account_id)
            values (:account)
            on conflict (account_id) do nothing
            """;

    private static final String INSERT = """
            insert into namespaces (account_id, id, slug, name, description, created_at, updated_at)
            values (:account, :id, :slug, :name, :description, :created_at, :updated_at)
            """;

    private static final String ENTRIES = """
            select n.entries
            from namespaces n
            where n.account_id = :account and n.id = :namespace
            """;

    private static final String SIZES = """
            select n.id, n.entries
            from namespaces n
            where n.account_id = :account and n.slug = any (:slugs::text[])
            order by n.id
            """;

    /// Children first; each takes the account and the namespace.
    private static final List<String> ERASE = List.of("""
            delete from events
            where account_id = :account and namespace_id = :namespace
            """, """
            delete from embedding_jobs j
            using entries e
            where e.account_id = :account and e.namespace_id = :namespace
                and j.account_id = e.account_id and j.entry_id = e.id
            """, """
            delete from entry_chunks c
            using entries e
            where e.account_id = :account and e.namespace_id = :namespace
                and c.account_id = e.account_id and c.entry_id = e.id
            """, """
            delete from entry_versions
            where account_id = :account and namespace_id = :namespace
            """, """
            delete from entries
            where account_id = :account and namespace_id = :namespace
            """, """
            delete from namespaces
            where account_id = :account and id = :namespace
            """);

    private static final String INSERT_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, at)
            values (:account, :revision, 'namespace_deleted', :namespace, :slug, :at)
            """;

    private final Supplier<UUID> ids;

    NamespaceRows(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /// Of those that there are among these.
    static Script.Result<Size> sizes(Script script, UUID account, Set<String> slugs) {
        return slugs.isEmpty()
                ? new Script.Result<>()
                : script.read(SIZES, Size::read, account, slugs.toArray(String[]::new));
    }

    static List<Namespace> list(Session session, UUID account) {
        return session.list(LIST, NamespaceRows::read, account);
    }

    static @Nullable Namespace get(Session session, UUID account, String slug) {
        return session.first(GET, NamespaceRows::read, account, slug);
    }

    Namespace create(Transaction transaction, NewNamespace namespace, TierLimits limits) {
        UUID account = transaction.account();
        var script = new Script();
        Script.Result<Found> result = script.read(FIND, Found::read, account, namespace.slug());
        transaction.read(script);
        Found found = Objects.requireNonNull(result.first());
        if (found.namespace != null) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS, "The namespace '" + namespace.slug() + "' exists already.");
        }
        State state = transaction.state();
        var quota = new Quota(state.namespaces(), limits.namespaces());
        if (!quota.allows(1)) {
            throw TierLimit.reached("namespaces", quota);
        }
        UUID id = ids.get();
        Instant now = found.now;
        var insert = new Script()
                .update(INSERT, account, id, namespace.slug(), namespace.name(), namespace.description(), now, now);
        transaction.write(insert, new State(state.revision(), state.namespaces() + 1, state.entries()));
        return new Namespace(id, namespace.slug(), namespace.name(), namespace.description(), 0, now, now);
    }

    static DeletedNamespace delete(Transaction transaction, String slug) {
        UUID account = transaction.account();
        var script = new Script();
        Script.Result<Found> result = script.read(FIND, Found::read, account, slug);
        transaction.read(script);
        Found found = Objects.requireNonNull(result.first());
        UUID namespace = found.required();
        var count = new Script();
        Script.Result<Long> entries = count.read(ENTRIES, Row::number, account, namespace);
        transaction.read(count);
        State after = transaction.state().next(-1, -Objects.requireNonNull(entries.first()));
        var erase = new Script();
        ERASE.forEach(statement -> erase.update(statement, account, namespace));
        erase.update(INSERT_EVENT, account, after.revision(), namespace, slug, found.now);
        transaction.write(erase, after);
        return new DeletedNamespace(slug, after.revision());
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

    /// What [#FIND] found.
    record Found(Instant now, @Nullable UUID namespace) {
        static Found read(Row row) {
            return new Found(row.instant(), row.uuidOrNull());
        }

        /// NOT_FOUND.
        UUID required() {
            if (namespace == null) {
                throw MemoryException.notFound("Namespace");
            }
            return namespace;
        }
    }

    /// How many entries are in a namespace, with those that have expired and are still to be purged.
    record Size(UUID namespace, long entries) {
        static Size read(Row row) {
            return new Size(row.uuid(), row.number());
        }
    }
}
