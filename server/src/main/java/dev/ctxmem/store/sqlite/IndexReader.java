package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.SearchIndex;
import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.store.SearchIndex.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Reads what has changed since a sequence, as it is now, and hands it to the search index.
///
/// *Which* entries have changed is read from one snapshot to its end: an entry that changes again meanwhile moves
/// behind the part already read, and would be missed for as long as it goes on changing. *What* they are is read
/// afterwards in small portions, so that no snapshot is held while the index works and the write-ahead log can be
/// reused; what is newer than the snapshot does no harm.
final class IndexReader implements AutoCloseable {
    private static final int PORTION_ENTRIES = 512;
    private static final int PORTION_CHARACTERS_MAX = 4 << 20;

    private static final String REMOVED_NAMESPACES = """
            select namespace_id
            from removed_namespaces
            where seq > :after
            order by seq
            """;

    private static final String CHANGED_ENTRIES = """
            select row_id, seq
            from entries indexed by entries_by_seq
            where seq > :after
            order by seq
            limit :limit
            """;

    private static final String ENTRIES =
            "select e.row_id, e.state, n.account_id, e.namespace_id, e.key, " + StoredEntry.COLUMNS + """
                    from json_each(:rows) changed
                    cross join entries e on e.row_id = changed.value
                    cross join namespaces n on n.row_id = e.namespace_id
                    left join versions v on v.seq = e.content and e.state = 0
                    order by changed.key
                    """;

    private static final String VECTORS = """
            select m.name, m.dimension, x.chunks
            from vectors x
            join models m on m.id = x.model
            where x.entry = :entry
            order by m.id
            """;

    private final Session session;
    private final DamageReports damage;

    IndexReader(Session session, DamageReports damage) {
        this.session = session;
        this.damage = damage;
    }

    /// Applies at most `limit` changed entries past `after`, all as of one state of the records or later.
    Progress feed(SearchIndex index, long after, int limit) {
        Changes changes = session.snapshot(snapshot -> new Changes(
                snapshot.number("select value from sequence"),
                snapshot.list(REMOVED_NAMESPACES, Row::number, after),
                snapshot.list(CHANGED_ENTRIES, Changed::read, after, limit)));
        if (!changes.removedNamespaces.isEmpty()) {
            List<Change> removals = changes.removedNamespaces.stream()
                    .map(namespace -> (Change) new Change.RemoveNamespace(namespace))
                    .toList();
            index.apply(removals, after);
        }
        List<Changed> entries = changes.entries;
        for (int from = 0; from < entries.size(); from += PORTION_ENTRIES) {
            List<Changed> portion = entries.subList(from, Math.min(from + PORTION_ENTRIES, entries.size()));
            apply(index, portion, from == 0 ? after : entries.get(from - 1).sequence);
        }
        boolean complete = entries.size() < limit;
        long reached = complete ? changes.sequence : entries.getLast().sequence;
        index.apply(List.of(), reached);
        return new Progress(reached, complete);
    }

    @Override
    public void close() {
        session.close();
    }

    /// The index counts as having reached the end of a portion when the next one is applied.
    private void apply(SearchIndex index, List<Changed> portion, long reached) {
        String rows =
                portion.stream().map(changed -> Long.toString(changed.row)).collect(Collectors.joining(",", "[", "]"));
        var batch = new Batch(index, reached);
        session.each(ENTRIES, batch::add, rows);
        batch.flush();
    }

    private static Vectorization.Ready vectors(Row row) {
        var model = new EmbeddingModel(row.text(), row.integer());
        return new Vectorization.Ready(model, Vectors.decode(row.bytes(), model));
    }

    /// How far the index has come: to all that was committed when the round began, if it is complete.
    record Progress(long sequence, boolean isComplete) {}

    private record Changes(long sequence, List<Long> removedNamespaces, List<Changed> entries) {}

    private record Changed(long row, long sequence) {
        static Changed read(Row row) {
            return new Changed(row.number(), row.number());
        }
    }

    /// Changes on their way to the index, bounded by their text.
    private final class Batch {
        private final SearchIndex index;
        private final long reached;
        private final List<Change> changes = new ArrayList<>();
        private long characters;

        Batch(SearchIndex index, long reached) {
            this.index = index;
            this.reached = reached;
        }

        void add(Row row) {
            long rowId = row.number();
            boolean live = row.integer() == Head.State.LIVE.code();
            UUID account = row.uuid();
            long namespace = row.number();
            String key = row.text();
            StoredEntry stored = live ? StoredEntry.read(row, key) : null;
            if (stored == null || !damage.isIntact(stored)) {
                changes.add(new Change.Remove(rowId));
                return;
            }
            List<Vectorization.Ready> vectors = session.list(VECTORS, IndexReader::vectors, rowId);
            List<String> tags = stored.content().tagList();
            String text = EntryText.of(key, tags, stored.content().valueJson());
            changes.add(new Change.Put(new Document(rowId, account, namespace, tags, text, vectors)));
            characters += text.length();
            if (characters > PORTION_CHARACTERS_MAX) {
                flush();
            }
        }

        void flush() {
            if (!changes.isEmpty()) {
                index.apply(List.copyOf(changes), reached);
                changes.clear();
                characters = 0;
            }
        }
    }
}
