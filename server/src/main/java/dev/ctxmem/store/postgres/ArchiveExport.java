package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Hands out the rows of one snapshot in the order of [Archive]. Entries, their former versions and their vectors
/// come by three cursors in the same order, so that none is held longer than needed.
final class ArchiveExport {
    private static final String ITEMS = """
            select (select count(*) from settings) + (select count(*) from accounts) + (select count(*) from api_keys)
                + (select count(*) from usage) + (select count(*) from billing_customers)
                + (select count(*) from namespaces) + (select count(*) from entries)
                + (select count(*) from entries where state <> 'purged')
                + (select count(*) from entry_versions) + (select count(*) from events)
            """;

    private static final String SETTINGS = """
            select name, value
            from settings
            order by name collate "C"
            """;

    private static final String ACCOUNTS = """
            select a.id, a.email, a.name, a.tier, a.created_at, coalesce(s.revision, 0)
            from accounts a
            left join account_state s on s.account_id = a.id
            order by a.id
            """;

    private static final String CUSTOMER = """
            select customer_id, revision
            from billing_customers
            where account_id = :account
            """;

    private static final String USAGE = """
            select month, requests
            from usage
            where account_id = :account
            order by month collate "C"
            """;

    private static final String NAMESPACES = """
            select id, slug, name, description, created_at, updated_at
            from namespaces
            where account_id = :account
            order by slug
            """;

    private static final String ENTRIES = "select e.state, e.embedding_state, " + StoredEntry.CURRENT + """
            from entries e
            where e.account_id = :account and e.namespace_id = :namespace
            order by e.key
            """;

    private static final String VERSIONS = "select " + StoredEntry.FORMER + """
            from entry_versions e
            where e.account_id = :account and e.namespace_id = :namespace
            order by e.key, e.version
            """;

    private static final String VECTORS = """
            select x.key, m.name, m.dimension, x.embedding::text
            from (
                select e.key, e.model_id, 0 as chunk, e.embedding::vector as embedding
                from entries e
                where e.account_id = :account and e.namespace_id = :namespace and e.embedding is not null
                union all
                select e.key, c.model_id, c.chunk, c.embedding
                from entries e
                join entry_chunks c on c.account_id = e.account_id and c.entry_id = e.id
                where e.account_id = :account and e.namespace_id = :namespace) x
            join models m on m.id = x.model_id
            order by x.key, m.name collate "C", m.dimension, x.chunk
            """;

    private static final String EVENTS = """
            select revision, kind, slug, key, version, at
            from events
            where account_id = :account
            order by revision
            """;

    private final Session session;
    private final Archive.Sink sink;

    ArchiveExport(Session session, Archive.Sink sink) {
        this.session = session;
        this.sink = sink;
    }

    void run() {
        sink.expect(session.number(ITEMS));
        each(SETTINGS, row -> new ArchiveItem.OfSetting(row.text(), row.text()), setting -> {
            if (Archive.takesAlong(setting.name())) {
                sink.accept(setting);
            }
        });
        each(
                ACCOUNTS,
                row -> new ArchiveItem.OfAccount(
                        new Account(row.uuid(), row.text(), row.textOrNull(), Tier.named(row.text()), row.instant()),
                        row.number()),
                account -> {
                    sink.accept(account);
                    exportAccount(account.account().id());
                });
    }

    private void exportAccount(UUID account) {
        each(
                CUSTOMER,
                row -> new ArchiveItem.OfCustomer(new BillingStore.Customer(account, row.text(), row.number())),
                sink::accept,
                account);
        KeyRows.all(session, account).forEach(sink::accept);
        each(
                USAGE,
                row -> new ArchiveItem.OfUsage(account, YearMonth.parse(row.text()), row.number()),
                sink::accept,
                account);
        each(
                NAMESPACES,
                row -> new ArchiveItem.OfNamespace(
                        account, row.uuid(), row.text(), row.text(), row.textOrNull(), row.instant(), row.instant()),
                namespace -> {
                    sink.accept(namespace);
                    exportEntries(namespace);
                },
                account);
        each(
                EVENTS,
                row -> new ArchiveItem.OfEvent(
                        account,
                        row.number(),
                        row.text(),
                        row.text(),
                        row.textOrNull(),
                        row.numberOrNull(),
                        row.instant()),
                sink::accept,
                account);
    }

    private void exportEntries(ArchiveItem.OfNamespace namespace) {
        try (Cursor<Head> heads = session.open(ENTRIES, Head::read, namespace.account(), namespace.id());
                Cursor<StoredEntry> former =
                        session.open(VERSIONS, StoredEntry::read, namespace.account(), namespace.id());
                Cursor<Chunk> chunks = session.open(VECTORS, Chunk::read, namespace.account(), namespace.id())) {
            for (Head head = heads.next(); head != null; head = heads.next()) {
                export(namespace, head, former, chunks);
            }
        }
    }

    /// A key whose present state is damaged is left out as a whole, of others only what is damaged.
    private void export(
            ArchiveItem.OfNamespace namespace, Head head, Cursor<StoredEntry> former, Cursor<Chunk> chunks) {
        StoredEntry current = head.stored;
        boolean isPurged = head.state == ArchiveItem.KeyState.PURGED;
        List<Vectorization.Ready> vectors = vectors(current.key(), chunks);
        boolean isIntact = isPurged || current.isIntact();
        if (isIntact) {
            Long expiresAt = current.content().expiresAt();
            sink.accept(new ArchiveItem.OfEntry(
                    namespace.account(),
                    namespace.slug(),
                    current.key(),
                    current.id(),
                    current.version(),
                    current.revision(),
                    head.state,
                    head.embedding,
                    Instant.ofEpochMilli(current.createdAt()),
                    expiresAt == null ? null : Instant.ofEpochMilli(expiresAt),
                    vectors));
        } else {
            sink.damaged(namespace.slug(), current.key(), current.version());
        }
        for (StoredEntry next = former.peek(); next != null && next.key().equals(current.key()); next = former.peek()) {
            former.next();
            if (isIntact) {
                export(namespace.slug(), next);
            }
        }
        if (isIntact && !isPurged) {
            sink.accept(item(current));
        }
    }

    private void export(String namespace, StoredEntry version) {
        if (version.isIntact()) {
            sink.accept(item(version));
        } else {
            sink.damaged(namespace, version.key(), version.version());
        }
    }

    private static List<Vectorization.Ready> vectors(String key, Cursor<Chunk> chunks) {
        var vectors = new ArrayList<Vectorization.Ready>();
        while (isOf(key, chunks.peek())) {
            EmbeddingModel model = model(chunks);
            var ofModel = new ArrayList<float[]>();
            while (isOf(key, chunks.peek()) && model.equals(model(chunks))) {
                Chunk chunk = chunks.next();
                if (chunk != null) {
                    ofModel.add(Embedding.parse(chunk.vector));
                }
            }
            vectors.add(new Vectorization.Ready(model, ofModel));
        }
        return vectors;
    }

    private static ArchiveItem item(StoredEntry version) {
        return version.content()
                .archived(
                        version.version(), version.revision(), version.deleted(), version.keyId(), version.requestId());
    }

    private <T> void each(String sql, Function<Row, T> mapper, Consumer<T> consumer, @Nullable Object... arguments) {
        try (Cursor<T> cursor = session.open(sql, mapper, arguments)) {
            for (T item = cursor.next(); item != null; item = cursor.next()) {
                consumer.accept(item);
            }
        }
    }

    /// One row of `entries`.
    private record Head(ArchiveItem.KeyState state, EmbeddingState embedding, StoredEntry stored) {
        static Head read(Row row) {
            return new Head(
                    ArchiveItem.KeyState.valueOf(row.text().toUpperCase(Locale.ROOT)),
                    Embedding.state(row.text()),
                    StoredEntry.read(row));
        }
    }

    /// One vector of an entry.
    private record Chunk(String key, EmbeddingModel model, String vector) {
        static Chunk read(Row row) {
            return new Chunk(row.text(), new EmbeddingModel(row.text(), row.integer()), row.text());
        }
    }

    private static boolean isOf(String key, @Nullable Chunk chunk) {
        return chunk != null && chunk.key.equals(key);
    }

    private static EmbeddingModel model(Cursor<Chunk> chunks) {
        return Objects.requireNonNull(chunks.peek()).model;
    }
}
