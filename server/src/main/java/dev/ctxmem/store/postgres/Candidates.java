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

    private static final String QUESTION = ":vector::float4[]::vector";
    private static final String IN_NAMESPACES = "and e.namespace_id = any (:namespaces::uuid[]) ";
    private static final String WITH_TAGS = "and e.words @> :tagwords::bigint[] and e.tags @> :tags::text[] ";

    /// Reads every vector of the scope, so that every answer is right, however narrow the filter is.
    static final String NEAR_BY_SCAN = """
            near as materialized (
                select x.id
                from (
                    select e.id, e.embedding <=> :vector::float4[]::vector as distance
                    from entries e
                    where %1$s and e.model_id = :model and e.embedding is not null
                    union all
                    select e.id, c.embedding <=> :vector::float4[]::vector
                    from entry_chunks c
                    join entries e on e.account_id = c.account_id and e.id = c.entry_id
                    where %1$s and c.account_id = :account and c.model_id = :model) x
                where x.distance <> 'NaN'
                group by x.id
                order by min(x.distance)
                limit :candidates)
            """;

    /// The indexes give rows in the order of their distance, until enough are in the scope.
    static final String NEAR_BY_GRAPH = """
            near as materialized (
                select x.id
                from (
                    %s) x
                where x.distance <> 'NaN'
                group by x.id
                order by min(x.distance)
                limit :candidates)
            """;

    /// The entries of the account by their distance. The planner thinks too little of the index where it sees a
    /// filter: it does not know that each vector that is scanned costs a read of its own. Behind `offset` it sees
    /// none.
    private static final String WALK = """
            from (
                select e.*, e.embedding <=> %1$s as distance
                from entries e
                where e.account_id = :account and e.model_id = :model
                order by e.embedding <=> %1$s
                offset 0) e
            where %2$s
            """;

    static final String IN_COLUMN = "(select e.id, e.distance " + WALK + """
            limit :candidates)
            union all
            """;

    /// The casts name the dimension as the index does. What is behind `offset` is asked for each row in turn, which
    /// keeps their order.
    static final String BESIDE = """
            (select c.entry_id as id, c.embedding::vector(%3$d) <=> %1$s as distance
            from entry_chunks c
            cross join lateral (
                select 1
                from entries e
                where e.id = c.entry_id and %2$s
                offset 0) inside
            where c.account_id = :account and c.model_id = :model and vector_dims(c.embedding) = %3$d
            order by c.embedding::vector(%3$d) <=> %1$s
            limit 2 * :candidates)
            """;

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

    /// The same of the nearest alone, where all vectors are in the column. The plan does not know the question, which
    /// becomes a vector once, and not for each row.
    static final String NEAR_IN_COLUMN = "with question as materialized (select " + QUESTION + " as vector) "
            + FEATURES.formatted("%3$s", "e.distance", "true") + WALK + """
            and e.distance <> 'NaN'
            limit :candidates
            """;

    static final String SCOPE_SIZE = """
            select count(*)
            from (
                select 1
                from entries e
                where %s
                limit :scan_max + 1) x
            """;

    private static final String NEAR = "e.id in (select id from near)";
    private static final String NOT_NEAR = "false";
    private static final String NO_DISTANCE = "null::float8";

    /// To the vectors of an entry `e`, the nearest of them.
    static final String DISTANCE = """
            least(
                case when e.model_id = :model then e.embedding <=> :vector::float4[]::vector end, (
                select min(c.embedding <=> :vector::float4[]::vector)
                from entry_chunks c
                where c.account_id = e.account_id and c.entry_id = e.id and c.model_id = :model))
            """;

    private final CandidateQuery query;
    private final UUID @Nullable [] namespaces;
    private final long[] stems;
    private final long[] telling;
    private final StemWeights weights;
    private final Lexicon lexicon;
    private float @Nullable [] vector;
    private int dimension;
    private long model;
    private boolean inColumn;
    private boolean besideIt;
    private boolean byGraph;

    Candidates(
            CandidateQuery query,
            UUID @Nullable [] namespaces,
            long[] stems,
            long[] telling,
            StemWeights weights,
            Lexicon lexicon) {
        this.query = query;
        this.namespaces = namespaces;
        this.stems = stems;
        this.telling = telling;
        this.weights = weights;
        this.lexicon = lexicon;
    }

    /// Asks for the nearest vectors, too. Some are in the column where `mayBeInColumn`, some where `mayBeBesideIt`.
    void near(
            float[] ofQuestion,
            int ofDimension,
            long ofModel,
            boolean mayBeInColumn,
            boolean mayBeBesideIt,
            boolean usingGraph) {
        vector = ofQuestion;
        dimension = ofDimension;
        model = ofModel;
        inColumn = mayBeInColumn;
        besideIt = mayBeBesideIt;
        byGraph = usingGraph;
    }

    /// Counts what is in the scope, up to a maximum.
    String scopeSizeSql() {
        return SCOPE_SIZE.formatted(scope());
    }

    /// Finds the nearest where the index of the column has them all, by a plan that is the same for all questions.
    /// Null elsewhere.
    @Nullable
    String walkSql() {
        return isWalk() ? NEAR_IN_COLUMN.formatted("(select vector from question)", scope(), matches()) : null;
    }

    /// Finds all others.
    String sql() {
        String scope = scope();
        var parts = new ArrayList<String>();
        var names = new ArrayList<String>();
        boolean withNear = vector != null && !isWalk();
        if (withNear) {
            parts.add(byGraph ? nearByGraph(scope) : NEAR_BY_SCAN.formatted(scope));
            names.add("near");
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
                        vector == null ? NO_DISTANCE : DISTANCE,
                        withNear ? NEAR : NOT_NEAR,
                        scope,
                        String.join(" union ", ids));
    }

    /// Whether the indexes have given all they were asked for. They end early where too little of what they pass is
    /// in the scope.
    boolean isComplete(long foundNear) {
        return !byGraph || foundNear >= query.candidates();
    }

    /// Whether the best plan for the others depends on the question: keys and ids are looked up in one way.
    boolean dependsOnQuestion() {
        return stems.length > 0 || query.keyPrefix() || (vector != null && !isWalk());
    }

    /// Asks for every vector to be read instead.
    void scan() {
        byGraph = false;
    }

    private boolean isWalk() {
        return byGraph && inColumn && !besideIt;
    }

    private String nearByGraph(String scope) {
        String parts = (inColumn ? IN_COLUMN : "") + BESIDE;
        return NEAR_BY_GRAPH.formatted(parts.formatted(QUESTION, scope, dimension));
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
            case "vector" -> vector;
            case "model" -> model;
            case "candidates" -> query.candidates();
            default -> throw new IllegalStateException(name);
        };
    }
}
