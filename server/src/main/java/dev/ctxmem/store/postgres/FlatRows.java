package dev.ctxmem.store.postgres;

import dev.ctxmem.store.flat.FlatEntry;
import dev.ctxmem.store.flat.FlatIndex;
import dev.ctxmem.store.flat.FlatIndexBuilder;
import dev.ctxmem.store.flat.Name;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    private static final String ALL = "select " + COLUMNS + """
            from entries e
            where e.account_id = :account and e.state = 'live'
            """;

    private static final String STATE = """
            select s.entries, s.revision, :now
            from account_state s
            where s.account_id = :account
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

    /// pgvector's binary form: two bytes of the dimension, two that are 0, then the numbers.
    private static final int VECTOR_HEADER_BYTES = 4;

    /// Of an entry without its vectors, about: for a first guess.
    private static final int ENTRY_BYTES = 600;

    private FlatRows() {}

    /// All of an account; null if it takes more than so many bytes. Within a transaction.
    static @Nullable FlatIndex load(Session session, UUID account, @Nullable Long model, int dimension, long bytesMax) {
        State before = Objects.requireNonNullElse(session.first(STATE, State::read, account), State.NOTHING);
        if (before.entries * (ENTRY_BYTES + (long) dimension * Short.BYTES) > bytesMax) {
            return null;
        }
        var builder = new FlatIndexBuilder(dimension, before.entries);
        try (Cursor<FlatEntry> all = session.open(ALL, row -> entry(row, model), model, account)) {
            for (FlatEntry next = all.next(); next != null; next = all.next()) {
                builder.add(next);
                if (builder.bytes() > bytesMax) {
                    return null;
                }
            }
        }
        return builder.build(before.revision);
    }

    /// What the account has now.
    static Script.Result<State> state(Script script, UUID account) {
        return script.read(STATE, State::read, account);
    }

    /// What came after a revision, up to a limit, and which of these entries have got their vectors.
    static Changes changes(
            Session session, UUID account, @Nullable Long model, long known, int limit, List<UUID> awaited) {
        var script = new Script();
        Script.Result<Change> changes =
                script.read(CHANGES, row -> Change.read(row, model), model, known, limit, account);
        Script.Result<FlatEntry> vectors = awaited.isEmpty()
                ? new Script.Result<>()
                : script.read(AWAITED, row -> entry(row, model), model, account, awaited.toArray(UUID[]::new));
        session.run(script);
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
        var head = new FlatEntry.Head(
                id,
                revision,
                namespace,
                key,
                expiresAt == null ? FlatEntry.NEVER : expiresAt.toEpochMilli(),
                importance,
                length,
                model != null && vectors.isEmpty() && !failed);
        return new FlatEntry(head, words, vectors);
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
            return vectors.all().stream().filter(entry -> !entry.head().awaitsVectors());
        }
    }

    /// What the account has in the records; `now` is in epoch milliseconds.
    record State(long entries, long revision, long now) {
        static final State NOTHING = new State(0, 0, 0);

        static State read(Row row) {
            return new State(row.number(), row.number(), row.instant().toEpochMilli());
        }
    }

    /// What an event was about: a namespace that is gone, or a name and what it stands for now, if anything.
    record Change(
            State state,
            @Nullable UUID goneNamespace,
            @Nullable Name changed,
            @Nullable FlatEntry current) {
        static Change read(Row row, @Nullable Long model) {
            State state = State.read(row);
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
