package dev.ctxmem.memory;

import dev.ctxmem.core.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An entry as readable text: key and tags on the first line, then the value; JSON flattened to lines of `path:
/// value`.
public final class EntryText {
    private static final Pattern PART = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");

    /// A shorter key (`k8s`, `s3`) may well be a word.
    private static final int MACHINE_KEY_CHARACTERS_MIN = 8;

    private EntryText() {}

    /// For words: everything.
    public static String of(String key, List<String> tags, Json value) {
        return text(key, tags, value);
    }

    /// For embedding: a key that a machine made (a UUID, a hash, a counter, a time) is left out, because it
    /// means nothing and takes a good part of a short text's vector.
    public static String toEmbed(String key, List<String> tags, Json value) {
        String text = isMachineMade(key) ? text("", tags, value).strip() : "";
        return text.isEmpty() ? text(key, tags, value) : text;
    }

    /// Whether less than half of the letters and digits of a long key are in words.
    private static boolean isMachineMade(String key) {
        int characters = 0;
        int inWords = 0;
        for (Matcher part = PART.matcher(key); part.find(); ) {
            int length = part.end() - part.start();
            characters += length;
            inWords += WORD.matcher(part.group()).matches() ? length : 0;
        }
        return characters >= MACHINE_KEY_CHARACTERS_MIN && 2 * inWords < characters;
    }

    private static String text(String key, List<String> tags, Json value) {
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
