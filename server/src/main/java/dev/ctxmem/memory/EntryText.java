package dev.ctxmem.memory;

import dev.ctxmem.core.Json;
import java.util.List;
import java.util.Map;

/// An entry as readable text, for embedding and for words: key and tags on the first line, then the value; JSON
/// flattened to lines of `path: value`.
public final class EntryText {
    private EntryText() {}

    public static String of(String key, List<String> tags, Json value) {
        var text = new StringBuilder(key);
        if (!tags.isEmpty()) {
            text.append(" (").append(String.join(", ", tags)).append(')');
        }
        append(text, "", value);
        return text.toString();
    }

    private static void append(StringBuilder text, String path, Json value) {
        if (value.isObject()) {
            for (Map.Entry<String, Json> member : value.members().entrySet()) {
                append(text, path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue());
            }
        } else if (value.isArray()) {
            for (Json element : value.elements()) {
                append(text, path, element);
            }
        } else {
            text.append('\n');
            if (!path.isEmpty()) {
                text.append(path).append(": ");
            }
            text.append(value.isString() ? value.asString() : value.text());
        }
    }
}
