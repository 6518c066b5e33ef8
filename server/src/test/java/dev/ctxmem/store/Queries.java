package dev.ctxmem.store;

import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Explanation.Factor;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Scorer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Questions and scorers for tests.
public final class Queries {
    static final int CANDIDATES = 50;

    /// 1 for an equal key, 0.9 for one that begins with the text, else 0.
    static final Scorer BY_KEY = scorer(features -> switch (features.keyMatch()) {
        case EXACT -> 1;
        case PREFIX -> 0.9;
        case NONE -> 0;
    });

    /// The cosine, moved to 0 to 1; 0 without a vector.
    public static final Scorer BY_COSINE = scorer(features -> {
        Double cosine = features.cosine();
        return cosine == null ? 0 : (cosine + 1) / 2;
    });

    /// How much of the question's words an entry has.
    public static final Scorer BY_COVERAGE = scorer(Features::coverage);

    private Queries() {}

    /// Entries whose key is `key`, and nothing else.
    static CandidateQuery keyOnly(UUID account, Set<String> namespaces, String key) {
        return new CandidateQuery(
                account, namespaces, List.of(), key, List.of(), null, null, false, CANDIDATES, 100, 0.5, false);
    }

    static CandidateQuery keyPrefix(UUID account, Set<String> namespaces, String prefix, int candidates) {
        return new CandidateQuery(
                account, namespaces, List.of(), prefix, List.of(), null, null, true, candidates, 100, 0.5, false);
    }

    public static CandidateQuery words(UUID account, Set<String> namespaces, List<String> tags, List<String> stems) {
        return new CandidateQuery(
                account,
                namespaces,
                tags,
                String.join(" ", stems),
                stems,
                null,
                null,
                false,
                CANDIDATES,
                100,
                0.001,
                true);
    }

    public static CandidateQuery vector(
            UUID account, EmbeddingModel model, float @Nullable [] vector, int limit, double threshold) {
        return new CandidateQuery(
                account,
                Set.of(),
                List.of(),
                "no key is like this",
                List.of(),
                vector,
                model,
                false,
                CANDIDATES,
                limit,
                threshold,
                false);
    }

    /// The same, and the scorer explains each hit.
    static CandidateQuery explained(CandidateQuery query) {
        return new CandidateQuery(
                query.account(),
                query.namespaces(),
                query.tags(),
                query.text(),
                query.stems(),
                query.vector(),
                query.model(),
                query.keyPrefix(),
                query.candidates(),
                query.limit(),
                query.threshold(),
                true);
    }

    static Scorer scorer(ToDoubleFunction<Features> similarity) {
        return new Scorer() {
            @Override
            public double similarity(Features features) {
                return similarity.applyAsDouble(features);
            }

            @Override
            public Explanation explain(Features features) {
                return new Explanation(0, List.of(new Factor("coverage", features.coverage(), 1)), features.cosine());
            }
        };
    }
}
