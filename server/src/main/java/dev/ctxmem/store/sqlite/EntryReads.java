package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Page;
import dev.ctxmem.store.sql.PageBuilder;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads entries by key, in lists, and their versions.
///
/// A row whose checksum does not match throws INTEGRITY_ERROR when it was asked for by key. A list or a history
/// leaves it out, so that one bad row never hides its neighbours; each time it is reported
/// ([StoreAlarms#damaged]).
///
/// A page ends at its limit, or earlier once its values are large: it always goes on where it ended.
final class EntryReads {
    private static final String GET = "select " + StoredEntry.COLUMNS + """
            from namespaces n
            cross join entries e on e.namespace_id = n.row_id
            cross join versions v on v.seq = e.content
            where n.account_id = :account and n.slug = :slug and e.key = :key
                and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String LIST = "select e.key, e.revision, " + StoredEntry.COLUMNS + """
            from entries e indexed by entries_by_revision
            cross join versions v on v.seq = e.content
            where e.namespace_id = :namespace and e.revision < :before
                and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            order by e.revision desc
            limit :limit
            """;

    /// Follows one tag in the order of the list and looks the others up.
    private static final String LIST_TAGGED = "select e.key, e.revision, " + StoredEntry.COLUMNS + """
            from entry_tags t
            cross join entries e on e.row_id = t.entry and e.revision = t.revision
            cross join versions v on v.seq = e.content
            where t.namespace_id = :namespace and t.tag = :tag and t.revision < :before
                and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
                and not exists (
                    select 1
                    from json_each(:tags) other
                    where not exists (
                        select 1
                        from entry_tags o
                        where o.namespace_id = t.namespace_id and o.tag = other.value and o.revision = t.revision))
            order by t.revision desc
            limit :limit
            """;

    private static final String LIVE = """
            select e.row_id, e.id
            from entries e
            where e.namespace_id = :namespace and e.key = :key
                and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String HISTORY = "select " + Version.COLUMNS + """
            , checksum
            from versions
            where entry = :entry and version < :before
            order by version desc
            limit :limit
            """;

    private final DamageReports damage;

    EntryReads(DamageReports damage) {
        this.damage = damage;
    }

    @Nullable
    Entry get(Session session, UUID account, String slug, String key, long now) {
        StoredEntry stored = session.first(GET, row -> StoredEntry.read(row, key), account, slug, key, now);
        if (stored == null) {
            return null;
        }
        if (!damage.isIntact(stored)) {
            throw new MemoryException(ErrorCode.INTEGRITY_ERROR, "The stored entry does not match its checksum.");
        }
        return stored.entry(slug);
    }

    Page<Entry> list(
            Session session, UUID account, String slug, List<String> tags, int limit, @Nullable Long after, long now) {
        long namespace = NamespaceRows.row(session, account, slug);
        long before = after == null ? Long.MAX_VALUE : after;
        var page = new PageBuilder<Entry>(limit);
        Consumer<Row> add = row -> {
            String key = row.text();
            long revision = row.number();
            StoredEntry stored = StoredEntry.read(row, key);
            Entry entry = damage.isIntact(stored) ? stored.entry(slug) : null;
            page.add(revision, stored.content().bytes(), entry);
        };
        if (tags.isEmpty()) {
            session.each(LIST, add, namespace, before, now, limit + 1);
        } else {
            String others = new JsonWriter().value(tags.subList(1, tags.size())).toString();
            session.each(LIST_TAGGED, add, namespace, tags.getFirst(), before, now, others, limit + 1);
        }
        return page.build();
    }

    Page<EntryVersion> history(
            Session session, UUID account, String slug, String key, int limit, @Nullable Long after, long now) {
        long namespace = NamespaceRows.row(session, account, slug);
        Live live = session.first(LIVE, Live::read, namespace, key, now);
        if (live == null) {
            throw MemoryException.notFound("Entry");
        }
        long before = after == null ? Long.MAX_VALUE : after;
        var page = new PageBuilder<EntryVersion>(limit);
        session.each(
                HISTORY,
                row -> {
                    Version version = Version.read(row);
                    boolean intact = version.checksum() == row.number();
                    if (!intact) {
                        damage.report(live.id, version.version());
                    }
                    page.add(version.version(), version.content().bytes(), intact ? version.entryVersion() : null);
                },
                live.row,
                before,
                limit + 1);
        return page.build();
    }

    private record Live(long row, UUID id) {
        static Live read(Row row) {
            return new Live(row.number(), row.uuid());
        }
    }
}
