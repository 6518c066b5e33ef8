package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.Vectorization;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The vectors of a second model beside those of the first. None of it is a version: only the search index learns
/// of it.
final class GenerationRows {
    private static final String MODEL = "select id from models where name = :name and dimension = :dimension";

    private static final String ENTRIES = """
            select count(*)
            from entries
            where state = 0 and (expires_at is null or expires_at > :now)
            """;

    private static final String VECTORED = """
            select count(*)
            from vectors x indexed by vectors_by_model
            cross join entries e on e.row_id = x.entry
            where x.model = :model and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String LACKING = "select e.seq, n.account_id, n.slug, e.key, " + StoredEntry.COLUMNS + """
            from entries e indexed by entries_by_seq
            cross join namespaces n on n.row_id = e.namespace_id
            cross join versions v on v.seq = e.content
            where e.seq > :after and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
                and not exists (select 1 from vectors x where x.entry = e.row_id and x.model = :model)
            order by e.seq
            limit :limit
            """;

    private static final String CURRENT = """
            select row_id, embedding
            from entries
            where id = :id and version = :version and state = 0
            """;

    private static final String LEARN = """
            update entries
            set embedding = 0, model = :model, seq = :seq
            where row_id = :row
            """;

    private static final String READY_WITHOUT = """
            update entries
            set embedding = 0, seq = :seq
            where row_id = :row
            """;

    private static final String STRAGGLERS = """
            select distinct x.entry
            from vectors x indexed by vectors_by_model
            where x.model <> :model
                and not exists (select 1 from vectors y where y.entry = x.entry and y.model = :model)
            order by x.entry
            """;

    private static final String OTHERS = """
            select x.entry, exists (select 1 from vectors y where y.entry = x.entry and y.model = :model)
            from (select distinct entry from vectors where model <> :model order by entry limit :limit) x
            order by x.entry
            """;

    private static final String DROP = "delete from vectors where entry = :entry and model <> :model";

    private static final String MOVED = "update entries set seq = :seq where row_id = :row";

    private static final String WAIT = """
            update entries
            set embedding = 1, model = null, seq = :seq
            where row_id = :row
            """;

    private static final String VERSION = "select version from entries where row_id = :row";

    /// What no row is of.
    private static final long NO_MODEL = -1;

    private GenerationRows() {}

    static Generations.Count count(Session session, EmbeddingModel target, long now) {
        return new Generations.Count(
                session.number(ENTRIES, now), session.number(VECTORED, model(session, target), now));
    }

    static Generations.Portion lacking(
            Session session, EmbeddingModel target, @Nullable String after, int limit, long now) {
        var found = new ArrayList<Found>();
        session.each(
                LACKING,
                row -> {
                    long sequence = row.number();
                    UUID account = row.uuid();
                    String namespace = row.text();
                    found.add(new Found(sequence, account, namespace, StoredEntry.read(row, row.text())));
                },
                after == null ? 0L : Long.parseLong(after),
                now,
                model(session, target),
                limit);
        // What is damaged cannot be embedded; whoever reads it hears of that.
        return new Generations.Portion(
                found.stream()
                        .filter(each -> each.stored.intact())
                        .map(each -> new Generations.Lacking(each.account, each.stored.entry(each.namespace)))
                        .toList(),
                found.size() < limit ? null : Long.toString(found.getLast().sequence));
    }

    static void add(Transaction transaction, EmbeddingModel target, List<Generations.Vectored> all) {
        long model = Attachments.model(transaction, target);
        for (Generations.Vectored vectored : all) {
            Current current = transaction.first(CURRENT, Current::read, vectored.entry(), vectored.version());
            if (current == null) {
                continue;
            }
            boolean waited = current.embedding != Embedding.code(EmbeddingState.READY);
            if (!vectored.chunks().isEmpty()) {
                byte[] chunks = Vectors.encode(new Vectorization.Ready(target, vectored.chunks()));
                Attachments.putVectors(transaction, current.row, model, chunks);
                transaction.update(LEARN, model, transaction.nextSequence(), current.row);
            } else if (waited) {
                transaction.update(READY_WITHOUT, transaction.nextSequence(), current.row);
            }
            if (waited) {
                Attachments.removeJob(transaction, current.row);
            }
        }
    }

    static void switchTo(Transaction transaction, EmbeddingModel target, String announcement) {
        long model = Attachments.model(transaction, target);
        for (long row : transaction.list(STRAGGLERS, Row::number, model)) {
            makeWait(transaction, row);
        }
        AccountRows.putSetting(transaction, Generations.SETTING, announcement);
    }

    static int dropOthers(Transaction transaction, EmbeddingModel target, int limit) {
        long model = Attachments.model(transaction, target);
        List<Other> others = transaction.list(OTHERS, Other::read, model, limit);
        for (Other other : others) {
            if (other.hasTarget) {
                transaction.update(DROP, other.row, model);
                transaction.update(MOVED, transaction.nextSequence(), other.row);
            } else {
                makeWait(transaction, other.row);
            }
        }
        return others.size();
    }

    private static void makeWait(Transaction transaction, long row) {
        Attachments.removeVectors(transaction, row);
        transaction.update(WAIT, transaction.nextSequence(), row);
        Attachments.putJob(transaction, row, transaction.number(VERSION, row), transaction.now());
    }

    private static long model(Session session, EmbeddingModel target) {
        Long id = session.first(MODEL, Row::number, target.name(), target.dimension());
        return id == null ? NO_MODEL : id;
    }

    private record Found(long sequence, UUID account, String namespace, StoredEntry stored) {}

    private record Current(long row, int embedding) {
        static Current read(Row row) {
            return new Current(row.number(), row.integer());
        }
    }

    private record Other(long row, boolean hasTarget) {
        static Other read(Row row) {
            return new Other(row.number(), row.flag());
        }
    }
}
