package dev.ctxmem.store.sqlite;

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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Hands out the records of one snapshot in the order of [Archive], none of them held longer than needed.
final class ArchiveExport {
    private static final String ITEMS = """
            select (select count(*) from settings) + (select count(*) from accounts) + (select count(*) from api_keys)
                + (select count(*) from usage) + (select count(*) from billing_customers)
                + (select count(*) from namespaces) + (select count(*) from entries)
                + (select count(*) from versions) + (select count(*) from events)
            """;

    private static final String SETTINGS = "select name, value from settings order by name";

    private static final String ACCOUNTS =
            "select id, email, name, tier, created_at, revision from accounts order by id";

    private static final String CUSTOMER =
            "select customer_id, revision from billing_customers where account_id = :account";

    private static final String USAGE = "select month, requests from usage where account_id = :account order by month";

    private static final String NAMESPACES = """
            select row_id, id, slug, name, description, created_at, updated_at
            from namespaces
            where account_id = :account
            order by slug
            """;

    private static final String ENTRIES = """
            select row_id, key, id, version, revision, state, embedding, created_at, expires_at, content, checksum
            from entries
            where namespace_id = :namespace
            order by key
            """;

    private static final String VECTORS = """
            select m.name, m.dimension, x.chunks
            from vectors x
            join models m on m.id = x.model
            where x.entry = :entry
            order by m.name, m.dimension
            """;

    private static final String VERSIONS =
            "select checksum, " + Version.COLUMNS + "from versions where entry = :entry order by version";

    private static final String EVENTS = """
            select v.revision, v.kind, coalesce(v.slug, n.slug), e.key, v.version, v.at
            from events v
            left join entries e on e.row_id = v.entry
            left join namespaces n on n.row_id = v.namespace_id
            where v.account_id = :account
            order by v.revision
            """;

    private final Session session;
    private final Archive.Sink sink;

    ArchiveExport(Session session, Archive.Sink sink) {
        this.session = session;
        this.sink = sink;
    }

    void run() {
        sink.expect(session.number(ITEMS));
        session.each(SETTINGS, row -> {
            var setting = new ArchiveItem.OfSetting(row.text(), row.text());
            if (Archive.takesAlong(setting.name())) {
                sink.accept(setting);
            }
        });
        session.each(ACCOUNTS, row -> {
            var account = new Account(row.uuid(), row.text(), row.textOrNull(), Tier.named(row.text()), row.instant());
            sink.accept(new ArchiveItem.OfAccount(account, row.number()));
            exportAccount(account.id());
        });
    }

    private void exportAccount(UUID account) {
        session.each(
                CUSTOMER,
                row -> sink.accept(
                        new ArchiveItem.OfCustomer(new BillingStore.Customer(account, row.text(), row.number()))),
                account);
        KeyRows.each(session, account, (key, revokedAt) -> sink.accept(new ArchiveItem.OfKey(key, revokedAt)));
        session.each(
                USAGE,
                row -> sink.accept(new ArchiveItem.OfUsage(account, YearMonth.parse(row.text()), row.number())),
                account);
        session.each(
                NAMESPACES,
                row -> {
                    long rowId = row.number();
                    UUID id = row.uuid();
                    String slug = row.text();
                    sink.accept(new ArchiveItem.OfNamespace(
                            account, id, slug, row.text(), row.textOrNull(), row.instant(), row.instant()));
                    session.each(ENTRIES, entry -> export(account, slug, KeyRow.read(entry)), rowId);
                },
                account);
        session.each(
                EVENTS,
                row -> sink.accept(new ArchiveItem.OfEvent(
                        account,
                        row.number(),
                        row.text(),
                        row.text(),
                        row.textOrNull(),
                        row.numberOrNull(),
                        row.instant())),
                account);
    }

    /// A key whose present state is damaged is left out as a whole, of others only what is damaged.
    private void export(UUID account, String namespace, KeyRow key) {
        if (key.content != null && !isIntact(key)) {
            sink.damaged(namespace, key.head.key(), key.head.version());
            return;
        }
        sink.accept(new ArchiveItem.OfEntry(
                account,
                namespace,
                key.head.key(),
                key.head.id(),
                key.head.version(),
                key.revision,
                key.keyState(),
                key.embedding(),
                Instant.ofEpochMilli(key.head.createdAt()),
                key.expiresAt == null ? null : Instant.ofEpochMilli(key.expiresAt),
                key.state == Head.State.LIVE ? vectors(key.row) : List.of()));
        session.each(
                VERSIONS,
                row -> {
                    long checksum = row.number();
                    Version version = Version.read(row);
                    if (version.checksum() == checksum) {
                        sink.accept(item(version));
                    } else {
                        sink.damaged(namespace, key.head.key(), version.version());
                    }
                },
                key.row);
    }

    private boolean isIntact(KeyRow key) {
        Version current = session.first(
                "select " + Version.COLUMNS + "from versions where seq = :content", Version::read, key.content);
        return current != null && key.head.checksum(current.content()) == key.checksum;
    }

    private List<Vectorization.Ready> vectors(long entry) {
        var vectors = new ArrayList<Vectorization.Ready>();
        session.each(
                VECTORS,
                row -> {
                    var model = new EmbeddingModel(row.text(), row.integer());
                    vectors.add(new Vectorization.Ready(model, Vectors.decode(row.bytes(), model)));
                },
                entry);
        return vectors;
    }

    private static ArchiveItem item(Version version) {
        return version.content()
                .archived(
                        version.version(), version.revision(), version.deleted(), version.keyId(), version.requestId());
    }

    /// One row of `entries`.
    private record KeyRow(
            long row,
            Head head,
            long revision,
            Head.State state,
            @Nullable EmbeddingState embeddingOrNull,
            @Nullable Long expiresAt,
            @Nullable Long content,
            long checksum) {
        static KeyRow read(Row row) {
            long rowId = row.number();
            String key = row.text();
            UUID id = row.uuid();
            long version = row.number();
            long revision = row.number();
            Head.State state = Head.State.of(row.integer());
            EmbeddingState embedding = Embedding.state(row.integer());
            return new KeyRow(
                    rowId,
                    new Head(key, id, version, row.number()),
                    revision,
                    state,
                    embedding,
                    row.numberOrNull(),
                    row.numberOrNull(),
                    row.number());
        }

        EmbeddingState embedding() {
            return embeddingOrNull == null ? EmbeddingState.FAILED : embeddingOrNull;
        }

        ArchiveItem.KeyState keyState() {
            return switch (state) {
                case LIVE -> ArchiveItem.KeyState.LIVE;
                case DELETED -> ArchiveItem.KeyState.DELETED;
                case PURGED -> ArchiveItem.KeyState.PURGED;
            };
        }
    }
}
