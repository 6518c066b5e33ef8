package dev.ctxmem.http;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A look at the records of a running server, past the server.
final class Rows {
    private Rows() {}

    /// The first column of every row.
    static List<String> of(Path directory, String sql) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ctx.db"));
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (results.next()) {
                rows.add(results.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
