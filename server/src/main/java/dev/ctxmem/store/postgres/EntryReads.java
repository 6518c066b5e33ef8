package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Page;
import dev.ctxmem.store.postgres.NamespaceRows.Found;
import dev.ctxmem.store.sql.PageBuilder;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads entries by key, in lists, and their versions. A row whose checksum does not match throws INTEGRITY_ERROR
/// when it was asked for by key; a list or a history leaves it out. Each time it is reported.
///
/// A page ends at its limit, or earlier once its values are large; the database then sends one row more.
final class EntryReads {
    private static final String GET = "select e.embedding_state, " + StoredEntry.LIVE + """
            from namespaces n
            join entries e on e.account_id = n.account_id and e.namespace_id = n.id
            where n.account_id = :account and n.slug = :slug and e.account_id = :account and e.key = :key
                and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String LIST = "select e.embedding_state, " + StoredEntry.LIVE + """
            from (
                select x.*, sum(octet_length(x.value)) over (
                    order by x.revision desc rows between unbounded preceding and 1 preceding) as bytes_before
                from (
                    select %s
                    from namespaces n
                    join entries e on e.account_id = n.account_id and e.namespace_id = n.id
                    where n.account_id = :account and n.slug = :slug and e.account_id = :account
                        and e.revision < :before %s
                        and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
                    order by e.revision desc
                    limit :limit) x) e
            where coalesce(e.bytes_before, 0) <= :bytes
            order by e.revision desc
            """;

    private static final String ALL = LIST.formatted("e.embedding_state, " + StoredEntry.COLUMNS, "");
    private static final String TAGGED = LIST.formatted(
            "e.embedding_state, " + StoredEntry.COLUMNS, "and e.words @> :words::bigint[] and e.tags @> :tags::text[]");

    private static final String CURRENT = "select " + StoredEntry.LIVE + """
            from entries e
            join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
            where n.account_id = :account and n.slug = :slug and e.account_id = :account and e.key = :key
                and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String FORMER = "select " + StoredEntry.FORMER + """
            from (
                select x.*, sum(octet_length(x.value)) over (
                    order by x.version desc rows between unbounded preceding and 1 preceding) as bytes_before
                from (
                    select e.*
                    from entry_versions e
                    join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
                    where n.account_id = :account and n.slug = :slug and e.account_id = :account and e.key = :key
                        and e.version < :before
                    order by e.version desc
                    limit :limit) x) e
            where coalesce(e.bytes_before, 0) <= :bytes
            order by e.version desc
            """;

    private final Damage damage;
    private final Lexicon lexicon;

    EntryReads(Damage damage, Lexicon lexicon) {
        this.damage = damage;
        this.lexicon = lexicon;
    }

    @Nullable
    Entry get(Session session, UUID account, String slug, String key) {
        Shown shown = session.first(GET, Shown::read, account, slug, key);
        if (shown == null) {
            return null;
        }
        if (!damage.isIntact(shown.stored)) {
            throw new MemoryException(ErrorCode.INTEGRITY_ERROR, "The stored entry does not match its checksum.");
        }
        return shown.entry(slug);
    }

    Page<Entry> list(Session session, UUID account, String slug, List<String> tags, int limit, @Nullable Long after) {
        long before = after == null ? Long.MAX_VALUE : after;
        var script = new Script();
        Script.Result<Found> shelf = script.read(NamespaceRows.FIND, Found::read, account, slug);
        Script.Result<Shown> rows = tags.isEmpty()
                ? script.read(ALL, Shown::read, account, slug, before, limit + 1, PageBuilder.BYTES_MAX)
                : script.read(
                        TAGGED,
                        Shown::read,
                        account,
                        slug,
                        before,
                        lexicon.tags(account, tags),
                        tags.toArray(String[]::new),
                        limit + 1,
                        PageBuilder.BYTES_MAX);
        session.run(script);
        Objects.requireNonNull(shelf.first()).required();
        var page = new PageBuilder<Entry>(limit);
        for (Shown shown : rows.all()) {
            StoredEntry stored = shown.stored;
            Entry entry = damage.isIntact(stored) ? shown.entry(slug) : null;
            page.add(stored.revision(), stored.content().bytes(), entry);
        }
        return page.build();
    }

    /// The current version is read first: one that another write moves to the history meanwhile is then seen twice,
    /// not missed.
    Page<EntryVersion> history(
            Session session, UUID account, String slug, String key, int limit, @Nullable Long after) {
        long before = after == null ? Long.MAX_VALUE : after;
        var script = new Script();
        Script.Result<Found> shelf = script.read(NamespaceRows.FIND, Found::read, account, slug);
        Script.Result<StoredEntry> live = script.read(CURRENT, StoredEntry::read, account, slug, key);
        Script.Result<StoredEntry> former =
                script.read(FORMER, StoredEntry::read, account, slug, key, before, limit + 1, PageBuilder.BYTES_MAX);
        session.run(script);
        Objects.requireNonNull(shelf.first()).required();
        StoredEntry current = live.first();
        if (current == null) {
            throw MemoryException.notFound("Entry");
        }
        var page = new PageBuilder<EntryVersion>(limit);
        if (current.version() < before) {
            add(page, current);
        }
        former.all().stream()
                .filter(stored -> stored.version() < current.version())
                .forEach(stored -> add(page, stored));
        return page.build();
    }

    private void add(PageBuilder<EntryVersion> page, StoredEntry stored) {
        EntryVersion version = damage.isIntact(stored) ? stored.entryVersion() : null;
        page.add(stored.version(), stored.content().bytes(), version);
    }

    /// A live entry and the state of its vectors.
    record Shown(EmbeddingState embedding, StoredEntry stored) {
        static Shown read(Row row) {
            return new Shown(Embedding.state(row.text()), StoredEntry.read(row));
        }

        Entry entry(String namespace) {
            return stored.entry(namespace, embedding);
        }
    }
}
