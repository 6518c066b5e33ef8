package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.store.flat.Candidate;
import dev.ctxmem.store.postgres.NamespaceRows.Size;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Answers a search from one snapshot: one or two statements find the candidates (by vector, by words, by key) among
/// what is live and matching, with their features; the best of them are then loaded.
final class Search {
    /// Each statement of a search sees the same state.
    private static final String BEGIN = "set transaction isolation level repeatable read, read only";

    /// How many entries match depends on the arguments, and so does the best plan to count them.
    private static final String SETTINGS = """
            select set_config('statement_timeout', '10s', true),
                set_config('plan_cache_mode', 'force_custom_plan', true),
                set_config('hnsw.iterative_scan', 'strict_order', true),
                set_config('hnsw.ef_search', :breadth::text, true), set_config('jit', 'off', true)
            """;

    /// For the walk through the index there is one plan, whatever the arguments are, and it need not be made anew for
    /// each question. Made for no account in particular, it must not count on the account being small.
    private static final String PLANNED_ONCE = """
            select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_sort', 'off', true)
            """;

    private static final String PLANNED_ANEW = """
            select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_sort', 'on', true)
            """;

    private static final String PLANNED_AS_USUAL = """
            select set_config('plan_cache_mode', 'auto', true), set_config('enable_sort', 'on', true)
            """;

    /// And the dimension of the column, which another instance may have changed just now, and whether there are
    /// vectors beside it.
    private static final String ENTRIES = "select s.entries, (" + VectorColumn.DIMENSION + """
            ), exists (
                select 1
                from entry_chunks c
                where c.account_id = s.account_id)
            from account_state s
            where s.account_id = :account
            """;

    /// So many entries are weighed by their words, about: each costs some microseconds.
    private static final long WORDED_MAX = 5_000;

    /// HNSW looks at so many nodes at a time: more than the candidates that are asked for, and pgvector's bounds.
    private static final int BREADTH_MIN = 40;

    private static final int BREADTH_MAX = 400;

    private final Lexicon lexicon;
    private final VectorColumn vectors;
    private final Frequencies frequencies;
    private final VectorIndex index;
    private final Winners winners;

    Search(Lexicon lexicon, VectorColumn vectors, Frequencies frequencies, VectorIndex index, Winners winners) {
        this.lexicon = lexicon;
        this.vectors = vectors;
        this.frequencies = frequencies;
        this.index = index;
        this.winners = winners;
    }

    /// The search itself, for a transaction that has seen nothing yet, on the primary or on a standby. What it needs
    /// to know of models is asked of the primary now.
    Function<Session, List<Hit>> prepare(CandidateQuery query, Scorer scorer) {
        Long model = vectors.modelNumberOrNull(query);
        return session -> {
            var scope = scope(session, query);
            if (scope.namespaces != null && scope.namespaces.length == 0) {
                return List.of();
            }
            long[] stems = lexicon.stems(query.account(), query.stems());
            long[] counts = frequencies.of(session, query.account(), stems, scope.account.entries);
            var weights = new StemWeights(scope.account.entries, counts);
            long[] telling = Frequencies.telling(stems, counts, WORDED_MAX);
            var candidates = Candidates.of(query, scope.namespaces, stems, telling, weights, lexicon);
            Nearest nearest = model == null || query.vector() == null
                    ? null
                    : nearest(session, query, query.vector(), model, scope, candidates);
            Collection<Found> found = found(session, nearest == null ? candidates : candidates.with(nearest));
            long near = found.stream().filter(Found::isNear).count();
            if (nearest != null && !nearest.isComplete(near, query.candidates())) {
                found = found(session, candidates.with(nearest.byScan()));
            }
            return winners.ofSnapshot(
                    session, query, scorer, found.stream().map(Found::candidate).toList(), weights);
        };
    }

    private Nearest nearest(
            Session session, CandidateQuery query, float[] vector, long model, Scope scope, Candidates candidates) {
        boolean inColumn = scope.account.columnDimension == vector.length;
        boolean byGraph = index.serves(session, query, vector.length, inColumn, scope.entries, candidates);
        return new Nearest(vector, model, inColumn, scope.account.besideColumn, byGraph);
    }

    private static Collection<Found> found(Session session, Candidates candidates) {
        var script = new Script();
        String walk = candidates.walkSql();
        Script.Result<Found> walked = new Script.Result<>();
        if (walk != null) {
            script.update(PLANNED_ONCE);
            walked = script.read(walk, Found::read, session.arguments(walk, candidates::argument));
        }
        if (candidates.dependsOnQuestion()) {
            script.update(PLANNED_ANEW);
        }
        String sql = candidates.sql();
        Script.Result<Found> others = script.read(sql, Found::read, session.arguments(sql, candidates::argument));
        script.update(PLANNED_AS_USUAL);
        session.run(script);
        Map<UUID, Found> found = new LinkedHashMap<>();
        Stream.concat(walked.all().stream(), others.all().stream())
                .forEach(each -> found.putIfAbsent(each.candidate.id(), each));
        return found.values();
    }

    private static Scope scope(Session session, CandidateQuery query) {
        int breadth = Math.clamp(2L * query.candidates(), BREADTH_MIN, BREADTH_MAX);
        var script = new Script().update(BEGIN);
        Script.Result<Account> account = script.read(ENTRIES, Account::read, query.account());
        Script.Result<Size> namespaces = NamespaceRows.sizes(script, query.account(), query.namespaces());
        session.run(script.update(SETTINGS, String.valueOf(breadth)));
        Account all = Objects.requireNonNullElse(account.first(), Account.NOTHING);
        return query.namespaces().isEmpty()
                ? new Scope(null, all.entries, all)
                : new Scope(
                        namespaces.all().stream().map(Size::namespace).toArray(UUID[]::new),
                        namespaces.all().stream().mapToLong(Size::entries).sum(),
                        all);
    }

    /// Where to look: null namespaces are all.
    private record Scope(UUID @Nullable [] namespaces, long entries, Account account) {}

    private record Account(long entries, int columnDimension, boolean besideColumn) {
        static final Account NOTHING = new Account(0, 0, false);

        static Account read(Row row) {
            return new Account(row.number(), row.integer(), row.flag());
        }
    }

    /// A candidate, and whether it is one of the nearest.
    private record Found(Candidate candidate, boolean isNear) {
        static Found read(Row row) {
            var candidate = new Candidate(
                    row.uuid(),
                    row.number(),
                    row.text(),
                    row.real(),
                    row.integer(),
                    row.number(),
                    Candidate.cosine(row.realOrNull()));
            return new Found(candidate, row.flag());
        }
    }
}
