package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.StemWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The statements that find and describe the candidates of one question. They are put together from parts that never
/// hold anything of the question: that is in the arguments.
final class Candidates {
    private static final String IN_SCOPE = """
            e.account_id = :account and e.state = 'live' and (e.expires_at is null or e.expires_at > :now)
            """;

    private static final String IN_NAMESPACES = "and e.namespace_id = any (:namespaces::uuid[]) ";
    private static final String WITH_TAGS = "and e.words @> :tagwords::bigint[] and e.tags @> :tags::text[] ";

    /// Those that cover most of the question, among those with a telling stem, longer ones first where that is
    /// equal. The sum is spelt out: a sub-select for each row takes several times as long, and common words have
    /// many rows.
    static final String WORDED = """
            worded as materialized (
                select e.id
                from (select :stems::bigint[] as stems, :weights::float8[] as weights) q
                cross join entries e
                where %s and e.words && :telling::bigint[]
                order by (%s) * (1 + 0.01 * ln(1 + cardinality(e.words))) desc, e.revision desc
                limit :candidates)
            """;

    private static final String WEIGHT = "case when q.stems[%1$d] = any (e.words) then q.weights[%1$d] else 0 end";

    static final String SAME_KEY = """
            same_key as materialized (
                select e.id
                from namespaces n
                join entries e on e.account_id = n.account_id and e.namespace_id = n.id
                where n.account_id = :account and e.key = :text and %s)
            """;

    static final String KEY_PREFIX = """
            key_prefix as materialized (
                select e.id
                from namespaces n
                join entries e on e.account_id = n.account_id and e.namespace_id = n.id
                where n.account_id = :account and starts_with(e.key, :text) and %s
                order by n.slug, e.key
                limit :candidates)
            """;

    /// The matches, the distance and whether it is of the nearest are still to come.
    private static final String FEATURES = """
            select e.id, e.revision, e.key, e.importance, e.word_count, %s, %s, %s
            """;

    private static final String MATCH =
            "| case when (:stems::bigint[])[%1$d] = any (e.words) then 1::bigint << (%1$d - 1) else 0 end";

    static final String DESCRIBED = FEATURES + """
            from entries e
            where %s and e.id in (%s)
            order by e.revision desc
            """;

    static final String SCOPE_SIZE = """
            select count(*)
            from (
                select 1
                from entries e
                where %s
                limit :scan_max + 1) x
            """;

    private static final String NO_DISTANCE = "null::float8";

    private final CandidateQuery query;
    private final UUID @Nullable [] namespaces;
    private final long[] stems;
    private final long[] telling;
    private final StemWeights weights;
    private final Lexicon lexicon;
    private final @Nullable Nearest nearest;

    private Candidates(
            CandidateQuery query,
            UUID @Nullable [] namespaces,
            long[] stems,
            long[] telling,
            StemWeights weights,
            Lexicon lexicon,
            @Nullable Nearest nearest) {
        this.query = query;
        this.namespaces = namespaces;
        this.stems = stems;
        this.telling = telling;
        this.weights = weights;
        this.lexicon = lexicon;
        this.nearest = nearest;
    }

    /// By words and keys.
    static Candidates of(
            CandidateQuery query,
            UUID @Nullable [] namespaces,
            long[] stems,
            long[] telling,
            StemWeights weights,
            Lexicon lexicon) {
        return new Candidates(query, namespaces, stems, telling, weights, lexicon, null);
    }

    /// And by their vectors.
    Candidates with(Nearest vectors) {
        return new Candidates(query, namespaces, stems, telling, weights, lexicon, vectors);
    }

    /// Counts what is in the scope, up to a maximum.
    String scopeSizeSql() {
        return SCOPE_SIZE.formatted(scope());
    }

    /// Finds the nearest where the index of the column has them all, by a plan that is the same for all questions.
    /// Null elsewhere.
    @Nullable
    String walkSql() {
        return nearest == null ? null : nearest.walkSql(FEATURES, scope(), matches());
    }

    /// Finds all others.
    String sql() {
        String scope = scope();
        var parts = new ArrayList<String>();
        var names = new ArrayList<String>();
        Nearest among = nearest == null || nearest.isWalk() ? null : nearest;
        if (among != null) {
            parts.add(among.tableSql(scope));
            names.add(Nearest.TABLE);
        }
        if (stems.length > 0) {
            parts.add(WORDED.formatted(scope, sumOfWeights()));
            names.add("worded");
        }
        parts.add(SAME_KEY.formatted(scope));
        names.add("same_key");
        if (query.keyPrefix()) {
            parts.add(KEY_PREFIX.formatted(scope));
            names.add("key_prefix");
        }
        List<String> ids = names.stream().map(name -> "select id from " + name).toList();
        return "with " + String.join(", ", parts)
                + DESCRIBED.formatted(
                        matches(),
                        nearest == null ? NO_DISTANCE : Nearest.DISTANCE,
                        among == null ? "false" : Nearest.IS_NEAR,
                        scope,
                        String.join(" union ", ids));
    }

    /// Whether the best plan for the others depends on the question: keys and ids are looked up in one way.
    boolean dependsOnQuestion() {
        return stems.length > 0 || query.keyPrefix() || (nearest != null && !nearest.isWalk());
    }

    private String matches() {
        return "0::bigint" + eachStem(MATCH, "");
    }

    private String sumOfWeights() {
        return eachStem(WEIGHT, " + ");
    }

    private String eachStem(String term, String separator) {
        return IntStream.rangeClosed(1, stems.length).mapToObj(term::formatted).collect(Collectors.joining(separator));
    }

    private String scope() {
        return IN_SCOPE
                + (namespaces == null ? "" : IN_NAMESPACES)
                + (query.tags().isEmpty() ? "" : WITH_TAGS);
    }

    @Nullable
    Object argument(String name) {
        return switch (name) {
            case "account" -> query.account();
            case "namespaces" -> namespaces;
            case "tags" -> query.tags().toArray(String[]::new);
            case "tagwords" -> lexicon.tags(query.account(), query.tags());
            case "text" -> query.text();
            case "stems" -> stems;
            case "telling" -> telling;
            case "weights" ->
                IntStream.range(0, stems.length).mapToDouble(weights::weight).toArray();
            case "vector" -> nearest == null ? null : nearest.vector();
            case "model" -> nearest == null ? null : (Long) nearest.model();
            case "candidates" -> query.candidates();
            default -> throw new IllegalStateException(name);
        };
    }
}
