package dev.ctxmem.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lines of a `.env` file: `NAME=value`, optionally after `export`; `#` starts a comment at the start of a
/// line or after white space; single or double quotes keep the value as it is.
final class DotEnv {
    private DotEnv() {}

    static Map<String, String> parse(List<String> lines, List<String> problems) {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String assignment = line.startsWith("export ")
                    ? line.substring("export ".length()).strip()
                    : line;
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add(".env line " + (i + 1) + " is not NAME=value.");
                continue;
            }
            values.put(
                    assignment.substring(0, equals).strip(),
                    value(assignment.substring(equals + 1).strip()));
        }
        return values;
    }

    private static String value(String text) {
        if (!text.isEmpty() && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
            int end = text.indexOf(text.charAt(0), 1);
            if (end > 0) {
                return text.substring(1, end);
            }
        }
        if (text.startsWith("#")) {
            return "";
        }
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '#' && Character.isWhitespace(text.charAt(i - 1))) {
                return text.substring(0, i).strip();
            }
        }
        return text;
    }
}
