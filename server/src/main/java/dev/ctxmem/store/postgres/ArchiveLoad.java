package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.BillingStore;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Adds the items of an archive within one transaction, many rows in a round trip. What refers to what is known from
/// their order.
final class ArchiveLoad {
    private static final String SETTING = """
            insert into settings (name, value)
            values (:name, :value)
            on conflict (name) do nothing
            """;

    private static final String IS_THERE = """
            select id
            from accounts
            where id = :id
            """;

    private static final String ACCOUNT = """
            insert into accounts (id, email, name, tier, created_at)
            values (:id, :email, :name, :tier, :created_at)
            """;

    private static final String UNUSED_LOCAL = """
            select a.id
            from accounts a
            where a.email = :email and not exists (
                select 1
                from account_state s
                where s.account_id = a.id and (s.revision > 0 or s.namespaces > 0))
            order by a.created_at, a.id
            """;

    private static final List<String> ERASE_ACCOUNT = List.of(
            "delete from usage where account_id = :account",
            "delete from billing_events where account_id = :account",
            "delete from billing_customers where account_id = :account",
            "delete from api_keys where account_id = :account",
            "delete from account_state where account_id = :account",
            "delete from accounts where id = :account");

    private static final String CUSTOMER = """
            insert into billing_customers (account_id, customer_id, revision)
            values (:account, :customer, :revision)
            """;

    private static final String USAGE = """
            insert into usage (account_id, month, requests)
            values (:account, :month, :requests)
            """;

    private static final String NAMESPACE = """
            insert into namespaces (account_id, id, slug, name, description, created_at, updated_at)
            values (:account, :id, :slug, :name, :description, :created_at, :updated_at)
            """;

    private static final String NAMESPACE_COUNT = """
            update namespaces
            set entries = :entries
            where account_id = :account and id = :id
            """;

    private static final String STATE = """
            insert into account_state (account_id, revision, namespaces, entries)
            values (:account, :revision, :namespaces, :entries)
            """;

    /// Only of a version that is there: one that was damaged has no event any more.
    private static final String ENTRY_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, key, version, at)
            select e.account_id, :revision, :kind, e.namespace_id, n.slug, e.key, :version, :at::timestamptz
            from namespaces n
            join entries e on e.account_id = n.account_id and e.namespace_id = n.id
            where n.account_id = :account and n.slug = :slug and e.key = :key and (
                (e.version = :version and e.state <> 'purged') or exists (
                    select 1
                    from entry_versions v
                    where v.account_id = e.account_id and v.namespace_id = e.namespace_id and v.key = e.key
                        and v.version = :version))
            """;

    /// The namespace is no more, and so is its id.
    private static final String NAMESPACE_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, at)
            values (:account, :revision, :kind, gen_random_uuid(), :slug, :at)
            """;

    private static final int STEPS_MAX = 64;
    private static final long BYTES_MAX = 2 << 20;

    private final Session session;
    private final EntryLoad entries;
    private Script script = new Script();
    private long bytes;
    private @Nullable Owner owner;
    private @Nullable Shelf shelf;
    private ArchiveItem.@Nullable OfEntry entry;

    /// Whether the present version of that entry is there, if there is one.
    private boolean hasVersion;

    ArchiveLoad(Session session, EntryLoad entries) {
        this.session = session;
        this.entries = entries;
    }

    void load(Archive.Source source) {
        source.giveTo(this::take);
        endAccount();
        flush();
    }

    private void take(ArchiveItem item) {
        switch (item) {
            case ArchiveItem.OfSetting(String name, String value) -> {
                if (Archive.takesAlong(name)) {
                    script.update(SETTING, name, value);
                }
            }
            case ArchiveItem.OfAccount account -> beginAccount(account);
            case ArchiveItem.OfCustomer(BillingStore.Customer customer) ->
                script.update(CUSTOMER, of(customer.account()).id, customer.id(), customer.revision());
            case ArchiveItem.OfKey key -> {
                of(key.key().account());
                KeyRows.restore(session, key);
            }
            case ArchiveItem.OfUsage usage ->
                script.update(USAGE, of(usage.account()).id, usage.month().toString(), usage.requests());
            case ArchiveItem.OfNamespace namespace -> beginNamespace(namespace);
            case ArchiveItem.OfEntry key -> beginEntry(key);
            case ArchiveItem.OfVersion version -> add(version);
            case ArchiveItem.OfEvent event -> add(event);
        }
        if (script.steps().size() >= STEPS_MAX || bytes >= BYTES_MAX) {
            flush();
        }
    }

    private void flush() {
        if (!script.steps().isEmpty()) {
            session.run(script);
            script = new Script();
            bytes = 0;
        }
    }

    private void beginAccount(ArchiveItem.OfAccount item) {
        endAccount();
        flush();
        Account account = item.account();
        if (session.first(IS_THERE, Row::uuid, account.id()) != null) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS, "The account " + account.id() + " of the file is in the store already.");
        }
        if (account.email().equals(AccountStore.LOCAL_EMAIL)) {
            for (UUID unused : session.list(UNUSED_LOCAL, Row::uuid, AccountStore.LOCAL_EMAIL)) {
                ERASE_ACCOUNT.forEach(statement -> session.update(statement, unused));
            }
        }
        session.update(
                ACCOUNT,
                account.id(),
                account.email(),
                account.name(),
                account.tier().wireName(),
                account.createdAt());
        owner = new Owner(account.id(), item.revision());
    }

    private void beginNamespace(ArchiveItem.OfNamespace item) {
        endNamespace();
        Owner of = of(item.account());
        script.update(
                NAMESPACE,
                of.id,
                item.id(),
                item.slug(),
                item.name(),
                item.description(),
                item.createdAt(),
                item.updatedAt());
        of.namespaces++;
        shelf = new Shelf(item.id(), item.slug());
    }

    private void beginEntry(ArchiveItem.OfEntry item) {
        endEntry();
        of(item.account());
        Shelf in = shelf;
        if (in == null || !in.slug.equals(item.namespace())) {
            throw outOfOrder();
        }
        entries.begin(script, item, in.id);
        entry = item;
        hasVersion = item.state() == ArchiveItem.KeyState.PURGED;
        in.entries += item.state() == ArchiveItem.KeyState.LIVE ? 1 : 0;
    }

    private void add(ArchiveItem.OfVersion item) {
        ArchiveItem.OfEntry head = entry;
        Shelf in = shelf;
        if (head == null || in == null || hasVersion || item.version() > head.version()) {
            throw outOfOrder();
        }
        bytes += entries.add(script, head, in.id, item);
        hasVersion = item.version() == head.version();
    }

    private void add(ArchiveItem.OfEvent event) {
        endNamespace();
        UUID account = of(event.account()).id;
        if (event.key() == null) {
            script.update(NAMESPACE_EVENT, account, event.revision(), event.kind(), event.namespace(), event.at());
        } else {
            script.update(
                    ENTRY_EVENT,
                    event.revision(),
                    event.kind(),
                    event.version(),
                    event.at(),
                    account,
                    event.namespace(),
                    event.key());
        }
    }

    private void endEntry() {
        if (entry != null && !hasVersion) {
            throw outOfOrder();
        }
        entry = null;
    }

    private void endNamespace() {
        endEntry();
        Shelf in = shelf;
        Owner of = owner;
        shelf = null;
        if (in != null && of != null) {
            script.update(NAMESPACE_COUNT, in.entries, of.id, in.id);
            of.entries += in.entries;
        }
    }

    private void endAccount() {
        endNamespace();
        Owner of = owner;
        owner = null;
        if (of != null) {
            script.update(STATE, of.id, of.revision, of.namespaces, of.entries);
        }
    }

    private Owner of(UUID account) {
        Owner of = owner;
        if (of == null || !of.id.equals(account)) {
            throw outOfOrder();
        }
        return of;
    }

    private static MemoryException outOfOrder() {
        return new MemoryException(ErrorCode.INVALID_VALUE, "The file is not in the order of an archive.");
    }

    /// The account whose items are coming.
    private static final class Owner {
        private final UUID id;
        private final long revision;
        private long namespaces;
        private long entries;

        Owner(UUID id, long revision) {
            this.id = id;
            this.revision = revision;
        }
    }

    /// The namespace whose entries are coming.
    private static final class Shelf {
        private final UUID id;
        private final String slug;
        private long entries;

        Shelf(UUID id, String slug) {
            this.id = id;
            this.slug = slug;
        }
    }
}
