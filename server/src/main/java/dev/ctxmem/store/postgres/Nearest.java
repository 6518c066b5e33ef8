package dev.ctxmem.store.postgres;

import org.jspecify.annotations.Nullable;

/// The vectors nearest to that of a question, as SQL: which are asked for, where they are, and by what way.
///
/// @param vector the question's
/// @param model the number of its model
/// @param inColumn some may be in the column of `entries`
/// @param besideIt some may be in the table beside it
/// @param byGraph by the indexes, not by reading all
@SuppressWarnings("ArrayRecordComponent")
record Nearest(float[] vector, long model, boolean inColumn, boolean besideIt, boolean byGraph) {
    /// Of the ids.
    static final String TABLE = "near";

    /// Of an entry `e`.
    static final String IS_NEAR = "e.id in (select id from near)";

    /// To the vectors of an entry `e`, the nearest of them.
    static final String DISTANCE = """
            least(
                case when e.model_id = :model then e.embedding <=> :vector::float4[]::vector end, (
                select min(c.embedding <=> :vector::float4[]::vector)
                from entry_chunks c
                where c.account_id = e.account_id and c.entry_id = e.id and c.model_id = :model))
            """;

    private static final String QUESTION = ":vector::float4[]::vector";

    /// Out of rows of ids and distances, of which an entry may have several.
    static final String AMONG = TABLE + """
             as materialized (
                select x.id
                from (
                    %s) x
                where x.distance <> 'NaN'
                group by x.id
                order by min(x.distance)
                limit :candidates)
            """;

    /// Reads every vector of the scope, so that every answer is right, however narrow the filter is.
    static final String SCANNED = """
            select e.id, e.embedding <=> %1$s as distance
            from entries e
            where %2$s and e.model_id = :model and e.embedding is not null
            union all
            select e.id, c.embedding <=> %1$s
            from entry_chunks c
            join entries e on e.account_id = c.account_id and e.id = c.entry_id
            where %2$s and c.account_id = :account and c.model_id = :model
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

    /// The indexes give rows in the order of their distance, until enough are in the scope.
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

    /// The nearest described, where all vectors are in the column. The plan does not know the question, which
    /// becomes a vector once, and not for each row.
    static final String WALKED = "with question as materialized (select " + QUESTION + " as vector) %3$s" + WALK + """
            and e.distance <> 'NaN'
            limit :candidates
            """;

    /// Asks for every vector to be read instead.
    Nearest byScan() {
        return new Nearest(vector, model, inColumn, besideIt, false);
    }

    /// Whether a statement of its own finds them: where the index of the column has them all.
    boolean isWalk() {
        return byGraph && inColumn && !besideIt;
    }

    /// Whether so many may be all there are: the indexes end early where too little of what they pass is in the
    /// scope.
    boolean isComplete(long found, int wanted) {
        return !byGraph || found >= wanted;
    }

    /// That statement, whose plan is the same for all questions; null where there is none. `features` is the part up
    /// to `from` and lacks the matches, the distance, and whether it is one of the nearest.
    @Nullable
    String walkSql(String features, String scope, String matches) {
        if (!isWalk()) {
            return null;
        }
        String described = features.formatted(matches, "e.distance", "true");
        return WALKED.formatted("(select vector from question)", scope, described);
    }

    /// Elsewhere, [#TABLE] for a `with` clause.
    String tableSql(String scope) {
        String walked = (inColumn ? IN_COLUMN : "") + BESIDE;
        String rows = byGraph ? walked : SCANNED;
        return AMONG.formatted(rows.formatted(QUESTION, scope, vector.length));
    }
}
