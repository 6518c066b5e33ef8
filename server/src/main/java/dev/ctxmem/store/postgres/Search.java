package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Features.KeyMatch;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
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

    private static final String WINNERS = "select n.slug, e.embedding_state, " + StoredEntry.LIVE + """
            from entries e
            join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
            where e.account_id = :account and e.id = any (:ids::uuid[])
            order by e.revision desc
            """;

    /// HNSW looks at so many nodes at a time: more than the candidates that are asked for, and pgvector's bounds.
    private static final int BREADTH_MIN = 40;

    private static final int BREADTH_MAX = 400;

    private static final Comparator<Scored> BEST_FIRST = Comparator.comparingDouble(Scored::similarity)
            .thenComparingLong(Scored::revision)
            .reversed();

    private final Lexicon lexicon;
    private final VectorColumn vectors;
    private final Frequencies frequencies;
    private final VectorIndex index;
    private final Damage damage;

    Search(Lexicon lexicon, VectorColumn vectors, Frequencies frequencies, VectorIndex index, Damage damage) {
        this.lexicon = lexicon;
        this.vectors = vectors;
        this.frequencies = frequencies;
        this.index = index;
        this.damage = damage;
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
            var weights =
                    new StemWeights(scope.entries, frequencies.of(session, query.account(), stems, scope.entries));
            var candidates = new Candidates(query, scope.namespaces, stems, weights, lexicon);
            if (model != null && query.vector() != null) {
                int dimension = query.vector().length;
                boolean inColumn = scope.columnDimension == dimension;
                boolean byGraph = index.serves(session, query, dimension, inColumn, scope.entriesInScope, candidates);
                candidates.near(Embedding.text(query.vector()), dimension, model, inColumn, byGraph);
            }
            List<Found> found = found(session, candidates);
            if (!candidates.isComplete(found.stream().filter(Found::isNear).count())) {
                candidates.scan();
                found = found(session, candidates);
            }
            return hits(session, query, scorer, scored(query, found, weights, scorer));
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

    /// Best first, none below the threshold.
    private static List<Scored> scored(CandidateQuery query, List<Found> found, StemWeights weights, Scorer scorer) {
        return found.stream()
                .map(candidate -> {
                    var features = new Features(
                            candidate.cosine,
                            weights.coverage(candidate.matches),
                            candidate.length,
                            match(query, candidate.key),
                            candidate.importance);
                    return new Scored(candidate.id, candidate.revision, scorer.similarity(features), features);
                })
                .filter(scored -> scored.similarity >= query.threshold())
                .sorted(BEST_FIRST)
                .toList();
    }

    private static KeyMatch match(CandidateQuery query, String key) {
        if (key.equals(query.text())) {
            return KeyMatch.EXACT;
        }
        return query.keyPrefix() && key.startsWith(query.text()) ? KeyMatch.PREFIX : KeyMatch.NONE;
    }

    /// A damaged entry makes room for the next best.
    private List<Hit> hits(Session session, CandidateQuery query, Scorer scorer, List<Scored> scored) {
        var hits = new ArrayList<Hit>();
        for (int from = 0; from < scored.size() && hits.size() < query.limit(); ) {
            int to = Math.min(scored.size(), from + query.limit() - hits.size());
            List<Scored> next = scored.subList(from, to);
            Map<UUID, Winner> loaded = new HashMap<>();
            Stream<UUID> ids = next.stream().map(Scored::id);
            session.list(WINNERS, Winner::read, query.account(), ids.toArray(UUID[]::new))
                    .forEach(winner -> loaded.put(winner.shown.stored().id(), winner));
            for (Scored candidate : next) {
                Winner winner = loaded.get(candidate.id);
                if (winner != null && damage.isIntact(winner.shown.stored())) {
                    hits.add(new Hit(
                            winner.shown.entry(winner.namespace),
                            candidate.similarity,
                            query.explain() ? scorer.explain(candidate.features) : null));
                }
            }
            from = to;
        }
        return hits;
    }

    /// Where to look: null namespaces are all. `entries` are the account's.
    private record Scope(UUID @Nullable [] namespaces, long entries, long entriesInScope, int columnDimension) {}

    /// A candidate, confirmed and described.
    private record Found(
            UUID id,
            long revision,
            String key,
            double importance,
            int length,
            long matches,
            @Nullable Double cosine,
            boolean isNear) {
        static Found read(Row row) {
            return new Found(
                    row.uuid(),
                    row.number(),
                    row.text(),
                    row.real(),
                    row.integer(),
                    row.number(),
                    cosine(row.realOrNull()),
                    row.flag());
        }

        /// A vector without direction has no distance: it is as near as it is far.
        private static @Nullable Double cosine(@Nullable Double distance) {
            if (distance == null) {
                return null;
            }
            return Double.isFinite(distance) ? Math.clamp(1 - distance, -1, 1) : 0.0;
        }
    }

    private record Scored(UUID id, long revision, double similarity, Features features) {}

    private record Winner(String namespace, EntryReads.Shown shown) {
        static Winner read(Row row) {
            return new Winner(row.text(), EntryReads.Shown.read(row));
        }
    }
}
