package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.store.flat.Candidate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers a search from one snapshot: one statement finds the candidates (by vector, by words, by key) and joins
/// them to what is live and matching, with their features; the best of them are then loaded.
final class Search {
    /// Each statement of a search sees the same state. The planner is to look at the arguments each time: the best
    /// plan depends on them.
    private static final String BEGIN = "set transaction isolation level repeatable read, read only";

    private static final String SETTINGS = """
            select set_config('statement_timeout', '10s', true),
                set_config('plan_cache_mode', 'force_custom_plan', true),
                set_config('hnsw.iterative_scan', 'strict_order', true),
                set_config('hnsw.ef_search', :breadth::text, true), set_config('jit', 'off', true)
            """;

    private static final String NAMESPACES = """
            select n.id, n.entries
            from namespaces n
            where n.account_id = :account and n.slug = any (:slugs::text[])
            order by n.id
            """;

    /// And the dimension of the column, which another instance may have changed just now.
    private static final String ENTRIES = "select s.entries, (" + VectorColumn.DIMENSION + """
            ) from account_state s
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
        Long model = query.vector() == null || query.model() == null ? null : vectors.modelNumberOrNull(query.model());
        return session -> {
            var scope = scope(session, query);
            if (scope.namespaces != null && scope.namespaces.length == 0) {
                return List.of();
            }
            long[] stems = lexicon.stems(query.account(), query.stems());
            long[] counts = frequencies.of(session, query.account(), stems, scope.entries);
            var weights = new StemWeights(scope.entries, counts);
            long[] telling = Frequencies.telling(stems, counts, WORDED_MAX);
            var candidates = new Candidates(query, scope.namespaces, stems, telling, weights, lexicon);
            if (model != null && query.vector() != null) {
                int dimension = query.vector().length;
                boolean inColumn = scope.columnDimension == dimension;
                boolean byGraph = index.serves(session, query, dimension, inColumn, scope.entriesInScope, candidates);
                candidates.near(query.vector(), dimension, model, inColumn, byGraph);
            }
            List<Found> found = found(session, candidates);
            if (!candidates.isComplete(found.stream().filter(Found::isNear).count())) {
                candidates.scan();
                found = found(session, candidates);
            }
            return winners.ofSnapshot(
                    session, query, scorer, found.stream().map(Found::candidate).toList(), weights);
        };
    }

    private static List<Found> found(Session session, Candidates candidates) {
        return session.listNamed(candidates.sql(), Found::read, candidates::argument);
    }

    private static Scope scope(Session session, CandidateQuery query) {
        int breadth = Math.clamp(2L * query.candidates(), BREADTH_MIN, BREADTH_MAX);
        var script = new Script().update(BEGIN).update(SETTINGS, String.valueOf(breadth));
        Script.Result<long[]> entries =
                script.read(ENTRIES, row -> new long[] {row.number(), row.number()}, query.account());
        boolean everywhere = query.namespaces().isEmpty();
        Script.Result<Map.Entry<UUID, Long>> namespaces = script.read(
                NAMESPACES,
                row -> Map.entry(row.uuid(), row.number()),
                query.account(),
                query.namespaces().toArray(String[]::new));
        session.run(script);
        long[] first = entries.first();
        long all = first == null ? 0 : first[0];
        int dimension = first == null ? 0 : (int) first[1];
        return everywhere
                ? new Scope(null, all, all, dimension)
                : new Scope(
                        namespaces.all().stream().map(Map.Entry::getKey).toArray(UUID[]::new),
                        all,
                        namespaces.all().stream().mapToLong(Map.Entry::getValue).sum(),
                        dimension);
    }

    /// Where to look: null namespaces are all. `entries` are the account's.
    private record Scope(UUID @Nullable [] namespaces, long entries, long entriesInScope, int columnDimension) {}

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
