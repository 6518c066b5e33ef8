package dev.ctxmem.store.postgres;

import java.util.ArrayList;
import java.util.List;

/// A statement as the driver takes it: its `:names` have become `?`. Arguments belong to the names in the order in
/// which these first appear. `:now` is none of them: it is the time by the store's clock.
///
/// @param names without their colons, in the order of the arguments
/// @param parameters for each `?`, the number of its argument, or [#NOW]
record Sql(String text, List<String> names, List<Integer> parameters) {
    static final int NOW = -1;

    private static final String NOW_NAME = "now";

    Sql {
        names = List.copyOf(names);
        parameters = List.copyOf(parameters);
    }

    /// `now` takes the place of `:now`: an expression, or `?`.
    static Sql compile(String sql, String now) {
        var text = new StringBuilder();
        var parameters = new ArrayList<Integer>();
        var names = new ArrayList<String>();
        for (int i = 0; i < sql.length(); ) {
            int end = isName(sql, i) ? endOfName(sql, i + 1) : skip(sql, i);
            if (!isName(sql, i)) {
                text.append(sql, i, end);
                i = end;
                continue;
            }
            String part = sql.substring(i + 1, end);
            if (part.equals(NOW_NAME)) {
                text.append(now);
                if (now.startsWith("?")) {
                    parameters.add(NOW);
                }
            } else {
                if (!names.contains(part)) {
                    names.add(part);
                }
                text.append('?');
                parameters.add(names.indexOf(part));
            }
            i = end;
        }
        return new Sql(text.toString(), names, parameters);
    }

    private static boolean isName(String sql, int i) {
        return sql.charAt(i) == ':' && i + 1 < sql.length() && Character.isLetter(sql.charAt(i + 1));
    }

    private static int endOfName(String sql, int i) {
        int end = i;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    /// Past a quoted text, a cast's `::`, or one character.
    private static int skip(String sql, int i) {
        if (sql.charAt(i) == '\'') {
            return sql.indexOf('\'', i + 1) + 1;
        }
        return sql.startsWith("::", i) ? i + 2 : i + 1;
    }
}
