package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.sql.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Adds the items of an archive within one write. What refers to what is known from their order.
final class ArchiveLoad {
    private static final String SETTING = """
            insert into settings (name, value)
            values (:name, :value)
            on conflict (name) do nothing
            """;

    private static final String ACCOUNT = """
            insert into accounts (id, email, name, tier, created_at, revision)
            values (:id, :email, :name, :tier, :created_at, :revision)
            """;

    private static final String UNUSED_LOCAL = """
            select id
            from accounts
            where email = :email and revision = 0 and namespaces = 0
            order by created_at, id
            """;

    private static final String CUSTOMER = """
            insert into billing_customers (account_id, customer_id, revision)
            values (:account, :customer, :revision)
            """;

    private static final String USAGE = """
            insert into usage (account_id, month, requests)
            values (:account, :month, :requests)
            """;

    private static final String NAMESPACE = """
            insert into namespaces (row_id, account_id, slug, id, name, description, created_at, updated_at)
            values (:row, :account, :slug, :id, :name, :description, :created_at, :updated_at)
            """;

    private static final String ENTRY = """
            insert into entries (row_id, namespace_id, key, id, version, revision, state, embedding, model, seq,
                content, created_at, expires_at, checksum)
            values (:row, :namespace, :key, :id, :version, :revision, :state, :embedding, :model, :seq,
                null, :created_at, :expires_at, 0)
            """;

    private static final String CONTENT = """
            update entries
            set content = :content, seq = :seq, checksum = :checksum
            where row_id = :row
            """;

    private static final String VERSION = """
            insert into versions (seq, entry, version, revision, deleted, key_id, request_id, importance, ttl_seconds,
                expires_at, changed_at, checksum, tags, metadata, value)
            values (:seq, :entry, :version, :revision, :deleted, :key_id, :request_id, :importance, :ttl_seconds,
                :expires_at, :changed_at, :checksum, :tags, :metadata, :value)
            """;

    /// Only of a version that is there: one that was damaged has no event any more.
    private static final String ENTRY_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, entry, version, at)
            select n.account_id, :revision, :kind, n.row_id, e.row_id, v.version, :at
            from namespaces n
            cross join entries e on e.namespace_id = n.row_id
            cross join versions v on v.entry = e.row_id
            where n.account_id = :account and n.slug = :slug and e.key = :key and v.version = :version
            """;

    private static final String NAMESPACE_EVENT = """
            insert into events (account_id, revision, kind, namespace_id, slug, at)
            values (:account, :revision, :kind, :namespace, :slug, :at)
            """;

    private static final String COUNTS = """
            update accounts
            set namespaces = (select count(*) from namespaces n where n.account_id = accounts.id),
                entries = (select coalesce(sum(n.entries), 0) from namespaces n where n.account_id = accounts.id)
            where id = :account
            """;

    private static final String NAMESPACE_COUNT = "update namespaces set entries = :entries where row_id = :row";

    private final Transaction transaction;
    private @Nullable UUID account;
    private @Nullable Shelf shelf;
    private @Nullable Open entry;
    private boolean eventsBegan;

    ArchiveLoad(Transaction transaction) {
        this.transaction = transaction;
    }

    void load(Archive.Source source) {
        try {
            source.giveTo(this::take);
            endAccount();
        } catch (MemoryException e) {
            if (Failures.isConstraint(e)) {
                throw new MemoryException(
                        ErrorCode.ALREADY_EXISTS, "A key, namespace or entry of the file is in the store already.", e);
            }
            throw e;
        }
    }

    private void take(ArchiveItem item) {
        switch (item) {
            case ArchiveItem.OfSetting(String name, String value) -> {
                if (Archive.takesAlong(name)) {
                    transaction.update(SETTING, name, value);
                }
            }
            case ArchiveItem.OfAccount owner -> beginAccount(owner);
            case ArchiveItem.OfCustomer(BillingStore.Customer customer) ->
                transaction.update(CUSTOMER, requireAccount(customer.account()), customer.id(), customer.revision());
            case ArchiveItem.OfKey key -> {
                requireAccount(key.key().account());
                KeyRows.restore(transaction, key.key(), key.revokedAt());
            }
            case ArchiveItem.OfUsage usage ->
                transaction.update(
                        USAGE, requireAccount(usage.account()), usage.month().toString(), usage.requests());
            case ArchiveItem.OfNamespace namespace -> beginNamespace(namespace);
            case ArchiveItem.OfEntry key -> beginEntry(key);
            case ArchiveItem.OfVersion version -> add(version);
            case ArchiveItem.OfEvent event -> add(event);
        }
    }

    private void beginAccount(ArchiveItem.OfAccount item) {
        endAccount();
        Account owner = item.account();
        if (transaction.first("select email from accounts where id = :id", Row::text, owner.id()) != null) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS, "The account " + owner.id() + " of the file is in the store already.");
        }
        if (owner.email().equals(AccountStore.LOCAL_EMAIL)) {
            for (UUID unused : transaction.list(UNUSED_LOCAL, Row::uuid, AccountStore.LOCAL_EMAIL)) {
                transaction.update("delete from usage where account_id = :account", unused);
                transaction.update("delete from api_keys where account_id = :account", unused);
                transaction.update("delete from accounts where id = :account", unused);
            }
        }
        transaction.update(
                ACCOUNT,
                owner.id(),
                owner.email(),
                owner.name(),
                owner.tier().wireName(),
                owner.createdAt().toEpochMilli(),
                item.revision());
        account = owner.id();
    }

    private void beginNamespace(ArchiveItem.OfNamespace item) {
        endNamespace();
        UUID owner = requireAccount(item.account());
        long row = transaction.nextSequence();
        transaction.update(
                NAMESPACE,
                row,
                owner,
                item.slug(),
                item.id(),
                item.name(),
                item.description(),
                item.createdAt().toEpochMilli(),
                item.updatedAt().toEpochMilli());
        shelf = new Shelf(row, item.slug());
    }

    private void beginEntry(ArchiveItem.OfEntry item) {
        endEntry();
        requireAccount(item.account());
        Shelf open = shelf;
        if (open == null || !open.slug.equals(item.namespace())) {
            throw outOfOrder();
        }
        boolean live = item.state() == ArchiveItem.KeyState.LIVE;
        open.entries += live ? 1 : 0;
        long row = transaction.nextSequence();
        Long model = null;
        for (Vectorization.Ready vectors : item.vectors()) {
            model = Attachments.model(transaction, vectors.model());
        }
        transaction.update(
                ENTRY,
                row,
                open.row,
                item.key(),
                item.id(),
                item.version(),
                item.revision(),
                state(item.state()).code(),
                Embedding.code(item.embedding()),
                model,
                row,
                item.createdAt().toEpochMilli(),
                millis(item.expiresAt()));
        for (Vectorization.Ready vectors : item.vectors()) {
            long of = Attachments.model(transaction, vectors.model());
            Attachments.putVectors(transaction, row, of, Vectors.encode(vectors));
        }
        if (live && item.embedding() == EmbeddingState.PENDING) {
            Attachments.putJob(transaction, row, item.version(), transaction.now());
        }
        entry = new Open(row, item);
    }

    private void add(ArchiveItem.OfVersion item) {
        Open open = entry;
        if (open == null) {
            throw outOfOrder();
        }
        var content = new Content(
                item.importance(),
                item.ttlSeconds(),
                millis(item.expiresAt()),
                item.changedAt().toEpochMilli(),
                utf8(new JsonWriter().value(item.tags()).toString()),
                utf8(item.metadata().text()),
                utf8(item.value().text()));
        var version =
                new Version(item.version(), item.revision(), item.deleted(), item.keyId(), item.requestId(), content);
        long sequence = transaction.nextSequence();
        transaction.update(
                VERSION,
                sequence,
                open.row,
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
                item.metadata().text(),
                item.value().text());
        if (item.version() == open.item.version()) {
            open.current = sequence;
            open.content = content;
        }
    }

    private void add(ArchiveItem.OfEvent event) {
        if (!eventsBegan) {
            endNamespace();
            eventsBegan = true;
        }
        UUID owner = requireAccount(event.account());
        long at = event.at().toEpochMilli();
        if (event.key() == null) {
            transaction.update(
                    NAMESPACE_EVENT,
                    owner,
                    event.revision(),
                    event.kind(),
                    transaction.nextSequence(),
                    event.namespace(),
                    at);
        } else {
            transaction.update(
                    ENTRY_EVENT,
                    event.revision(),
                    event.kind(),
                    at,
                    owner,
                    event.namespace(),
                    event.key(),
                    event.version());
        }
    }

    private void endEntry() {
        Open open = entry;
        entry = null;
        if (open == null || open.item.state() == ArchiveItem.KeyState.PURGED) {
            return;
        }
        Content content = open.content;
        if (content == null) {
            throw outOfOrder();
        }
        ArchiveItem.OfEntry item = open.item;
        var head =
                new Head(item.key(), item.id(), item.version(), item.createdAt().toEpochMilli());
        transaction.update(CONTENT, open.current, open.current, head.checksum(content), open.row);
        Shelf around = shelf;
        if (item.state() == ArchiveItem.KeyState.LIVE && content.hasTags() && around != null) {
            Attachments.addTags(transaction, around.row, open.row, item.revision(), content.tagsText());
        }
    }

    private void endNamespace() {
        endEntry();
        if (shelf != null) {
            transaction.update(NAMESPACE_COUNT, shelf.entries, shelf.row);
            shelf = null;
        }
    }

    private void endAccount() {
        endNamespace();
        if (account != null) {
            transaction.update(COUNTS, account);
            account = null;
        }
        eventsBegan = false;
    }

    private UUID requireAccount(UUID wanted) {
        if (account == null || !account.equals(wanted)) {
            throw outOfOrder();
        }
        return wanted;
    }

    private static Head.State state(ArchiveItem.KeyState state) {
        return switch (state) {
            case LIVE -> Head.State.LIVE;
            case DELETED -> Head.State.DELETED;
            case PURGED -> Head.State.PURGED;
        };
    }

    private static MemoryException outOfOrder() {
        return new MemoryException(ErrorCode.INVALID_VALUE, "The file is not in the order of an archive.");
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The namespace whose entries are coming.
    private static final class Shelf {
        private final long row;
        private final String slug;
        private long entries;

        Shelf(long row, String slug) {
            this.row = row;
            this.slug = slug;
        }
    }

    /// The entry whose versions are coming.
    private static final class Open {
        private final long row;
        private final ArchiveItem.OfEntry item;
        private long current;
        private @Nullable Content content;

        Open(long row, ArchiveItem.OfEntry item) {
            this.row = row;
            this.item = item;
        }
    }
}
