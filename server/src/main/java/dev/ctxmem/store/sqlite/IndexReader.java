package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.store.SearchIndex;
import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.store.SearchIndex.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Reads what has changed since a sequence, as it is now, and hands it to the search index.
final class IndexReader implements AutoCloseable {
    private static final int BATCH_DOCUMENTS_MAX = 512;
    private static final int BATCH_CHARACTERS_MAX = 4 << 20;

    private static final String REMOVED_NAMESPACES = """
            select namespace_id
            from removed_namespaces
            where seq > :after
            order by seq
            """;

    private static final String CHANGED_ENTRIES =
            "select e.seq, e.row_id, e.state, n.account_id, m.name, m.dimension, x.chunks, "
                    + StoredEntry.COLUMNS
                    + """
            from entries e indexed by entries_by_seq
            cross join namespaces n on n.row_id = e.namespace_id
            left join versions v on v.seq = e.content and e.state = 0
            left join models m on m.id = e.model
            left join vectors x on x.entry = e.row_id
            where e.seq > :after
            order by e.seq
            limit :limit
            """;

    private final Session session;
    private final DamageReports damage;

    IndexReader(Session session, DamageReports damage) {
        this.session = session;
        this.damage = damage;
    }

    /// Applies at most `limit` changed entries past `after`, all from one snapshot.
    Progress feed(SearchIndex index, long after, int limit) {
        return session.snapshot(snapshot -> {
            long stored = snapshot.number("select value from sequence");
            var batch = new Batch(index, after);
            snapshot.each(
                    REMOVED_NAMESPACES, row -> batch.add(new Change.RemoveNamespace(row.number()), 0, after), after);
            snapshot.each(CHANGED_ENTRIES, batch::add, after, limit);
            boolean complete = batch.rows < limit;
            long reached = complete ? stored : batch.sequence;
            batch.flush(reached);
            return new Progress(reached, complete);
        });
    }

    @Override
    public void close() {
        session.close();
    }

    /// How far the index has come: to the end of the snapshot, if it is complete.
    record Progress(long sequence, boolean isComplete) {}

    /// Changes on their way to the index, bounded by their number and their text.
    private final class Batch {
        private final SearchIndex index;
        private final List<Change> changes = new ArrayList<>();
        private long characters;
        private long sequence;
        private long rows;

        Batch(SearchIndex index, long sequence) {
            this.index = index;
            this.sequence = sequence;
        }

        void add(Row row) {
            rows++;
            long changeSequence = row.number();
            long rowId = row.number();
            boolean live = row.integer() == Head.State.LIVE.code();
            UUID account = row.uuid();
            String modelName = row.textOrNull();
            int dimension = row.integer();
            byte[] chunks = row.bytesOrNull();
            StoredEntry stored = live ? StoredEntry.read(row) : null;
            if (stored == null || !damage.isIntact(stored)) {
                add(new Change.Remove(rowId), 0, changeSequence);
                return;
            }
            EmbeddingModel model =
                    modelName == null || chunks == null ? null : new EmbeddingModel(modelName, dimension);
            List<String> tags = stored.content().tagList();
            String text =
                    EntryText.of(stored.head().key(), tags, stored.content().valueJson());
            var document = new Document(
                    rowId,
                    account,
                    stored.head().namespace(),
                    tags,
                    text,
                    model,
                    model == null || chunks == null ? List.of() : Vectors.decode(chunks, model));
            add(new Change.Put(document), text.length(), changeSequence);
        }

        void add(Change change, int textLength, long changeSequence) {
            if (changes.size() == BATCH_DOCUMENTS_MAX || characters > BATCH_CHARACTERS_MAX) {
                flush(sequence);
            }
            changes.add(change);
            characters += textLength;
            sequence = changeSequence;
        }

        void flush(long upTo) {
            index.apply(List.copyOf(changes), upTo);
            changes.clear();
            characters = 0;
        }
    }
}
