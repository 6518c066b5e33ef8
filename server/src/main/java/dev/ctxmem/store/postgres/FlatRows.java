package dev.ctxmem.store.postgres;

import dev.ctxmem.store.flat.FlatEntry;
import dev.ctxmem.store.flat.FlatIndex;
import dev.ctxmem.store.flat.Name;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a [FlatIndex] holds: all of an account, or what has changed since a revision.
final class FlatRows {
    private static final String COLUMNS = """
            e.id, e.revision, e.namespace_id, e.key, e.expires_at, e.importance, e.word_count, e.words,
                case when e.model_id = :model::bigint then vector_send(e.embedding) end,
                array(
                    select vector_send(c.embedding)
                    from entry_chunks c
                    where c.account_id = e.account_id and c.entry_id = e.id and c.model_id = :model::bigint
                    order by c.chunk),
                e.embedding_state = 'failed'
            """;

    private static final String BEFORE = "select entries, revision from account_state where account_id = :account";

    private static final String ALL = "select " + COLUMNS + """
            from entries e
            where e.account_id = :account and e.state = 'live'
            """;

    /// Each row has the state of the account before it, and there is one without a change where there are none: so
    /// that all is as of one moment.
    private static final String CHANGES =
            "select s.entries, s.revision, :now, v.kind, v.namespace_id, v.key, e.state, " + COLUMNS + """
            from account_state s
            left join lateral (
                select v.revision, v.kind, v.namespace_id, v.key
                from events v
                where v.account_id = s.account_id and v.revision > :known
                order by v.revision
                limit :limit) v on true
            left join entries e on e.account_id = s.account_id and e.namespace_id = v.namespace_id and e.key = v.key
            where s.account_id = :account
            """;

    private static final String AWAITED = "select " + COLUMNS + """
            from entries e
            where e.account_id = :account and e.id = any (:ids::uuid[]) and e.state = 'live'
            """;

    private static final String LIVE = "live";

    /// What is added to the index at a time.
    private static final int PORTION = 2000;

    /// pgvector's binary form: two bytes of the dimension, two that are 0, then the numbers.
    private static final int VECTOR_HEADER_BYTES = 4;

    private FlatRows() {}

    /// All of an account; null if it takes more than so many bytes. Within a transaction.
    static @Nullable FlatIndex load(Session session, UUID account, @Nullable Long model, int dimension, long bytesMax) {
        long[] state = session.first(BEFORE, row -> new long[] {row.number(), row.number()}, account);
        FlatIndex index =
                model == null || state == null ? FlatIndex.withoutVectors() : FlatIndex.empty(dimension, state[0]);
        if (state == null) {
            return index;
        }
        long revision = state[1];
        var portion = new ArrayList<FlatEntry>();
        try (Cursor<FlatEntry> all = session.open(ALL, row -> entry(row, model), model, account)) {
            for (FlatEntry next = all.next(); next != null; next = all.next()) {
                portion.add(next);
                if (portion.size() == PORTION || all.peek() == null) {
                    index = index.with(revision, Set.of(), Set.of(), portion);
                    portion.clear();
                    if (index.bytes() > bytesMax) {
                        return null;
                    }
                }
            }
        }
        return index.with(revision, Set.of(), Set.of(), List.of());
    }

    /// Asks for what came after a revision, up to a limit, and for entries whose vectors may have come.
    static Changes changes(
            Script script, UUID account, @Nullable Long model, long known, int limit, List<UUID> awaited) {
        Script.Result<Change> changes =
                script.read(CHANGES, row -> Change.read(row, model), model, known, limit, account);
        Script.Result<FlatEntry> vectors = awaited.isEmpty()
                ? new Script.Result<>()
                : script.read(AWAITED, row -> entry(row, model), model, account, awaited.toArray(UUID[]::new));
        return new Changes(changes, vectors);
    }

    private static FlatEntry entry(Row row, @Nullable Long model) {
        UUID id = row.uuid();
        long revision = row.number();
        UUID namespace = row.uuid();
        String key = row.text();
        Instant expiresAt = row.instantOrNull();
        double importance = row.real();
        int length = row.integer();
        long[] words = row.numbers();
        var vectors = new ArrayList<float[]>();
        Stream.concat(Stream.ofNullable(row.bytesOrNull()), row.byteStrings().stream())
                .forEach(bytes -> vectors.add(vector(bytes)));
        boolean failed = row.flag();
        return new FlatEntry(
                id,
                revision,
                namespace,
                key,
                expiresAt == null ? FlatEntry.NEVER : expiresAt.toEpochMilli(),
                importance,
                length,
                words,
                vectors,
                model != null && vectors.isEmpty() && !failed);
    }

    private static float[] vector(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).position(VECTOR_HEADER_BYTES);
        float[] vector = new float[buffer.remaining() / Float.BYTES];
        buffer.asFloatBuffer().get(vector);
        return vector;
    }

    /// What the script has read, once it has run.
    record Changes(Script.Result<Change> rows, Script.Result<FlatEntry> vectors) {
        State state() {
            Change first = rows.first();
            return first == null ? State.NOTHING : first.state;
        }

        /// Whether these are all changes since then. Those of an entry that has been purged since are forgotten, and
        /// with them what became of it.
        boolean follow(long known) {
            return events() == state().revision - known;
        }

        private long events() {
            return rows.all().stream().filter(Change::isSome).count();
        }

        boolean isNothing() {
            return events() == 0 && arrived().findAny().isEmpty();
        }

        Set<Name> changed() {
            return rows.all().stream()
                    .flatMap(change -> Stream.ofNullable(change.changed))
                    .collect(Collectors.toSet());
        }

        Set<UUID> goneNamespaces() {
            return rows.all().stream()
                    .flatMap(change -> Stream.ofNullable(change.goneNamespace))
                    .collect(Collectors.toSet());
        }

        List<FlatEntry> current() {
            return Stream.concat(rows.all().stream().flatMap(change -> Stream.ofNullable(change.current)), arrived())
                    .toList();
        }

        private Stream<FlatEntry> arrived() {
            return vectors.all().stream().filter(entry -> !entry.awaitsVectors());
        }
    }

    /// What the account has in the records; `now` is in epoch milliseconds.
    record State(long entries, long revision, long now) {
        private static final State NOTHING = new State(0, 0, 0);
    }

    /// What an event was about: a namespace that is gone, or a name and what it stands for now, if anything.
    record Change(
            State state,
            @Nullable UUID goneNamespace,
            @Nullable Name changed,
            @Nullable FlatEntry current) {
        static Change read(Row row, @Nullable Long model) {
            var state = new State(row.number(), row.number(), row.instant().toEpochMilli());
            String kind = row.textOrNull();
            UUID namespace = row.uuidOrNull();
            String key = row.textOrNull();
            boolean live = LIVE.equals(row.textOrNull());
            if (kind == null || namespace == null) {
                return new Change(state, null, null, null);
            }
            return key == null
                    ? new Change(state, namespace, null, null)
                    : new Change(state, null, new Name(namespace, key), live ? entry(row, model) : null);
        }

        boolean isSome() {
            return goneNamespace != null || changed != null;
        }
    }
}
