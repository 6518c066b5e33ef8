package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Features.KeyMatch;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.store.flat.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Scores the candidates of a search and loads the best of them.
final class Winners {
    private static final String LOAD = """
            select n.slug, e.state, coalesce(e.expires_at <= :now, false), %s, e.embedding_state,
            """ + StoredEntry.LIVE + """
            from entries e
            join namespaces n on n.account_id = e.account_id and n.id = e.namespace_id
            where e.account_id = :account and e.id = any (:ids::uuid[])
            """;

    private static final String AS_THEY_ARE = LOAD.formatted("null::float8");
    private static final String MEASURED = LOAD.formatted(Nearest.DISTANCE);

    /// A cosine that is right to some millionths does not move a similarity by so much.
    private static final double MARGIN = 0.001;

    private static final String LIVE = "live";
    private static final String PURGED = "purged";

    private static final Comparator<Scored> BEST_FIRST = Comparator.comparingDouble(Scored::similarity)
            .thenComparingLong(scored -> scored.candidate.revision())
            .reversed();

    private final Damage damage;

    Winners(Damage damage) {
        this.damage = damage;
    }

    /// Best first, none below the threshold, from the snapshot in which they became candidates. What is damaged makes
    /// room for the next best.
    List<Hit> ofSnapshot(
            Session session, CandidateQuery query, Scorer scorer, List<Candidate> candidates, StemWeights weights) {
        return Objects.requireNonNull(best(session, query, scorer, candidates, weights, null, true));
    }

    /// The same as of now, from candidates whose cosines are nearly right: those of the winners are measured again
    /// with the question as a vector of `model`, if that is not null. Null when one of them has changed since it
    /// became a candidate: who it is now, nobody has scored. What has expired makes room, too.
    @Nullable
    List<Hit> asOfNow(
            Session session,
            CandidateQuery query,
            Scorer scorer,
            List<Candidate> candidates,
            StemWeights weights,
            @Nullable Long model) {
        return best(session, query, scorer, candidates, weights, model, false);
    }

    private @Nullable List<Hit> best(
            Session session,
            CandidateQuery query,
            Scorer scorer,
            List<Candidate> candidates,
            StemWeights weights,
            @Nullable Long model,
            boolean inSnapshot) {
        double threshold = query.threshold() - (model == null ? 0 : MARGIN);
        List<Scored> scored = candidates.stream()
                .map(candidate -> scored(query, candidate, weights, scorer))
                .filter(each -> each.similarity >= threshold)
                .sorted(BEST_FIRST)
                .toList();
        var winners = new ArrayList<Winner>();
        for (int from = 0; from < scored.size() && winners.size() < query.limit(); ) {
            int to = Math.min(scored.size(), from + query.limit() - winners.size());
            List<Scored> next = scored.subList(from, to);
            Map<UUID, Loaded> loaded = load(session, query, next, model);
            for (Scored each : next) {
                Loaded found = loaded.get(each.candidate.id());
                if (!inSnapshot && (found == null || found.hasChanged(each.candidate))) {
                    return null;
                }
                if (found == null || (!inSnapshot && found.expired)) {
                    continue;
                }
                Scored exact = model == null
                        ? each
                        : scored(query, each.candidate.withDistance(found.distance), weights, scorer);
                if (exact.similarity >= query.threshold() && damage.isIntact(found.shown.stored())) {
                    winners.add(new Winner(exact, found));
                }
            }
            from = to;
        }
        return winners.stream()
                .sorted(Comparator.comparing(Winner::scored, BEST_FIRST))
                .map(winner -> winner.hit(query.explain() ? scorer : null))
                .toList();
    }

    private static Scored scored(CandidateQuery query, Candidate candidate, StemWeights weights, Scorer scorer) {
        var features = new Features(
                candidate.cosine(),
                weights.coverage(candidate.matches()),
                candidate.length(),
                match(query, candidate.key()),
                candidate.importance());
        return new Scored(candidate, scorer.similarity(features), features);
    }

    private static KeyMatch match(CandidateQuery query, String key) {
        if (key.equals(query.text())) {
            return KeyMatch.EXACT;
        }
        return query.keyPrefix() && key.startsWith(query.text()) ? KeyMatch.PREFIX : KeyMatch.NONE;
    }

    private static Map<UUID, Loaded> load(
            Session session, CandidateQuery query, List<Scored> winners, @Nullable Long model) {
        UUID[] ids = winners.stream().map(winner -> winner.candidate.id()).toArray(UUID[]::new);
        List<Loaded> rows = model == null
                ? session.list(AS_THEY_ARE, Loaded::read, query.account(), ids)
                : session.list(MEASURED, Loaded::read, model, query.vector(), query.account(), ids);
        Map<UUID, Loaded> loaded = new HashMap<>();
        rows.forEach(winner -> loaded.put(winner.shown.stored().id(), winner));
        return loaded;
    }

    private record Scored(Candidate candidate, double similarity, Features features) {}

    private record Winner(Scored scored, Loaded loaded) {
        Hit hit(@Nullable Scorer explaining) {
            return new Hit(
                    loaded.shown.entry(loaded.namespace),
                    scored.similarity,
                    explaining == null ? null : explaining.explain(scored.features));
        }
    }

    private record Loaded(
            String namespace,
            String state,
            boolean expired,
            @Nullable Double distance,
            EntryReads.Shown shown) {
        static Loaded read(Row row) {
            String namespace = row.text();
            String state = row.text();
            boolean expired = row.flag() || state.equals(PURGED);
            return new Loaded(namespace, state, expired, row.realOrNull(), EntryReads.Shown.read(row));
        }

        boolean hasChanged(Candidate candidate) {
            return !expired && (!state.equals(LIVE) || shown.stored().revision() != candidate.revision());
        }
    }
}
