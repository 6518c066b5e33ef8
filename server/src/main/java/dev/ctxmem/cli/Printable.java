package dev.ctxmem.cli;

import dev.ctxmem.core.Json;

/// Stored text made safe to show: what would move the cursor, change colours or reorder the line is written as
/// an escape instead. Anybody who may write to a namespace chooses that text.
final class Printable {
    private Printable() {}

    /// `text` on one line.
    static String line(String text) {
        return escaped(text, false);
    }

    /// `text` with its line breaks and tabs.
    static String block(String text) {
        return escaped(text, true);
    }

    /// `json` as equal JSON: what is escaped here stands inside strings only.
    static String json(Json json) {
        return escaped(json.text(), false);
    }

    /// The characters of a string, and the JSON text of everything else.
    static String value(Json value) {
        return value.isString() ? value.asString() : value.text();
    }

    /// A value on one line of at most `charactersMax`.
    static String preview(Json value, int charactersMax) {
        return line(shortened(value(value), charactersMax));
    }

    /// At most `charactersMax` code points, with `…` for the rest.
    static String shortened(String text, int charactersMax) {
        if (text.codePointCount(0, text.length()) <= charactersMax) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, charactersMax - 1)) + "…";
    }

    private static String escaped(String text, boolean keepsLines) {
        int clean = 0;
        while (clean < text.length() && isHarmless(text.codePointAt(clean), keepsLines)) {
            clean += Character.charCount(text.codePointAt(clean));
        }
        if (clean == text.length()) {
            return text;
        }
        var out = new StringBuilder(text.length() + 16).append(text, 0, clean);
        for (int i = clean, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (isHarmless(c, keepsLines)) {
                out.appendCodePoint(c);
            } else {
                escape(out, c);
            }
        }
        return out.toString();
    }

    private static boolean isHarmless(int c, boolean keepsLines) {
        if (c < 0x7F) {
            return c >= ' ' || (keepsLines && (c == '\n' || c == '\t'));
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            // Emoji are joined by U+200D; the other format characters reorder or hide text.
            case Character.FORMAT -> c == 0x200D;
            default -> true;
        };
    }

    private static void escape(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                for (char unit : Character.toChars(c)) {
                    out.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.append(Character.forDigit(unit >> shift & 0xF, 16));
                    }
                }
            }
        }
    }
}
