package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of a closed store, seen with plain SQL.
final class Records {
    /// Each finds rows that contradict the promise named by its key (P4, P5).
    private static final Map<String, String> CONTRADICTIONS = new LinkedHashMap<>();

    static {
        CONTRADICTIONS.put("an entry's version is its newest in the history", """
                select e.row_id from entries e
                where e.state < 2 and e.version <> (select max(v.version) from versions v where v.entry = e.row_id)
                """);
        CONTRADICTIONS.put("the content of an entry is its current version", """
                select e.row_id from entries e
                left join versions v on v.seq = e.content and v.entry = e.row_id and v.version = e.version
                    and v.revision = e.revision and v.deleted = e.state and v.expires_at is e.expires_at
                where e.state < 2 and v.seq is null
                """);
        CONTRADICTIONS.put("versions have no gap, but what was erased is a prefix", """
                select entry from versions
                group by entry having max(version) - min(version) + 1 <> count(*)
                """);
        CONTRADICTIONS.put("revisions grow with the versions of an entry", """
                select a.entry from versions a
                join versions b on b.entry = a.entry and b.version = a.version + 1
                where b.revision <= a.revision or b.seq <= a.seq
                """);
        CONTRADICTIONS.put("each version has exactly one event", """
                select v.seq from versions v
                join entries e on e.row_id = v.entry
                join namespaces n on n.row_id = e.namespace_id
                where 1 <> (
                    select count(*) from events x
                    where x.account_id = n.account_id and x.revision = v.revision and x.entry = v.entry
                        and x.version = v.version and x.namespace_id = e.namespace_id)
                """);
        CONTRADICTIONS.put("each event of an entry has its version", """
                select x.revision from events x
                left join versions v on v.entry = x.entry and v.version = x.version and v.revision = x.revision
                where x.kind <> 'namespace_deleted' and v.seq is null
                """);
        CONTRADICTIONS.put("the account's revision is not behind its events", """
                select a.email from accounts a
                where a.revision < (select coalesce(max(x.revision), 0) from events x where x.account_id = a.id)
                """);
        CONTRADICTIONS.put("the account counts its namespaces and entries", """
                select a.email from accounts a
                where a.namespaces <> (select count(*) from namespaces n where n.account_id = a.id)
                    or a.entries <> (
                        select count(*) from entries e
                        join namespaces n on n.row_id = e.namespace_id
                        where n.account_id = a.id and e.state = 0)
                """);
        CONTRADICTIONS.put("the namespace counts its entries", """
                select n.slug from namespaces n
                where n.entries <> (select count(*) from entries e where e.namespace_id = n.row_id and e.state = 0)
                """);
        CONTRADICTIONS.put("vectors are there exactly where the entry names their model", """
                select e.row_id from entries e
                left join vectors x on x.entry = e.row_id
                left join models m on m.id = x.model
                where (x.entry is null) <> (e.model is null)
                    or (m.id is not null and (length(x.chunks) = 0 or length(x.chunks) % (4 * m.dimension) <> 0))
                """);
        CONTRADICTIONS.put("a pending entry has its job, and nothing else has one", """
                select e.row_id from entries e
                left join embedding_jobs j on j.entry = e.row_id and j.version = e.version
                where (e.embedding = 1) <> (j.entry is not null) or (e.embedding > 0 and e.state > 0)
                    or (e.embedding > 0 and e.model is not null)
                union all
                select j.entry from embedding_jobs j
                where j.entry not in (select row_id from entries)
                """);
        CONTRADICTIONS.put("tags are those of the live entry", """
                select e.row_id from entries e
                join versions v on v.seq = e.content
                where e.state = 0 and (
                    select group_concat(value, x'01') from (select value from json_each(v.tags) order by value))
                    is not (
                    select group_concat(tag, x'01') from (
                        select tag from entry_tags t
                        where t.namespace_id = e.namespace_id and t.revision = e.revision and t.entry = e.row_id
                        order by tag))
                union all
                select t.entry from entry_tags t
                where not exists (
                    select 1 from entries e
                    where e.row_id = t.entry and e.revision = t.revision and e.state = 0
                        and e.namespace_id = t.namespace_id)
                """);
        CONTRADICTIONS.put("a purged entry has nothing left but its counter", """
                select e.row_id from entries e
                where e.state = 2 and (e.content is not null or e.expires_at is not null or e.model is not null
                    or exists (select 1 from versions v where v.entry = e.row_id))
                """);
        CONTRADICTIONS.put("the sequence is not behind its rows", """
                select value from sequence
                where value < (select coalesce(max(seq), 0) from entries)
                    or value < (select coalesce(max(seq), 0) from versions)
                    or value < (select coalesce(max(row_id), 0) from namespaces)
                    or value < (select coalesce(max(seq), 0) from removed_namespaces)
                """);
    }

    private Records() {}

    /// Fails when the records contradict each other.
    static void verify(Path directory) {
        try (Connection connection = open(directory)) {
            for (Map.Entry<String, String> contradiction : CONTRADICTIONS.entrySet()) {
                assertEquals(List.of(), query(connection, contradiction.getValue()), contradiction.getKey());
            }
            assertEquals(List.of("ok"), query(connection, "pragma integrity_check"));
            assertEquals(List.of(), query(connection, "pragma foreign_key_check"));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// The first column of what a query finds.
    static List<String> query(Path directory, String sql) {
        try (Connection connection = open(directory)) {
            return query(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static void update(Path directory, String sql) {
        try (Connection connection = open(directory);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Connection open(Path directory) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ctx.db"));
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (results.next()) {
                values.add(results.getString(1));
            }
            return values;
        }
    }
}
