package dev.ctxmem.core;

import static dev.ctxmem.core.ErrorCode.INVALID_KEY;
import static dev.ctxmem.core.ErrorCode.INVALID_TEXT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules for the strings that callers choose: slugs, keys, tags, names, queries. Each throws a 422 that
/// names the field.
final class Text {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9](-?[a-z0-9])*+");

    private Text() {}

    /// Refuses what a store or an encoder would lose silently: U+0000 and lone surrogates.
    static String requireStorable(String text, String pointer) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw MemoryException.invalid(INVALID_TEXT, pointer, "holds U+0000");
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw MemoryException.invalid(INVALID_TEXT, pointer, "holds a lone surrogate");
                }
                i++;
            }
        }
        return text;
    }

    static String slug(String slug) {
        if (slug.length() > Limits.SLUG_CHARACTERS_MAX || !SLUG.matcher(slug).matches()) {
            throw MemoryException.invalid(
                    "/slug",
                    "must be 1 to " + Limits.SLUG_CHARACTERS_MAX
                            + " lowercase letters, digits and single hyphens, with no hyphen at either end");
        }
        return slug;
    }

    static String key(String key) {
        if (key.isEmpty() || key.equals(".") || key.equals("..")) {
            throw MemoryException.invalid(INVALID_KEY, "/key", "must not be empty, '.' or '..'");
        }
        try {
            requireStorable(key, "/key");
        } catch (MemoryException e) {
            throw MemoryException.invalid(INVALID_KEY, "/key", "holds U+0000 or a lone surrogate");
        }
        if (key.codePointCount(0, key.length()) > Limits.KEY_CHARACTERS_MAX
                || key.getBytes(StandardCharsets.UTF_8).length > Limits.KEY_BYTES_MAX) {
            throw MemoryException.invalid(
                    INVALID_KEY,
                    "/key",
                    "is longer than " + Limits.KEY_CHARACTERS_MAX + " characters or " + Limits.KEY_BYTES_MAX
                            + " bytes");
        }
        if (key.codePoints().anyMatch(Character::isISOControl)) {
            throw MemoryException.invalid(INVALID_KEY, "/key", "holds a control character");
        }
        return key;
    }

    /// Without repeats, in the order of their first appearance.
    static List<String> tags(List<String> tags, String pointer) {
        var distinct = new LinkedHashSet<>(tags);
        if (distinct.size() > Limits.TAGS_MAX) {
            throw MemoryException.invalid(pointer, "has more than " + Limits.TAGS_MAX + " tags");
        }
        int index = 0;
        for (String tag : distinct) {
            line(tag, pointer + "/" + index++, 1, Limits.TAG_CHARACTERS_MAX);
        }
        return List.copyOf(new ArrayList<>(distinct));
    }

    /// One line of text: storable, without control characters, of `min` to `max` code points.
    static String line(String text, String pointer, int min, int max) {
        requireStorable(text, pointer);
        int characters = text.codePointCount(0, text.length());
        if (characters < min || characters > max) {
            throw MemoryException.invalid(pointer, "must have " + min + " to " + max + " characters");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw MemoryException.invalid(pointer, "holds a control character");
        }
        return text;
    }

    static @Nullable String optionalLine(@Nullable String text, String pointer, int max) {
        return text == null ? null : line(text, pointer, 0, max);
    }

    /// Free text of `min` to `max` code points; line breaks are fine.
    static String paragraph(String text, String pointer, int min, int max) {
        requireStorable(text, pointer);
        int characters = text.codePointCount(0, text.length());
        if (characters < min || characters > max) {
            throw MemoryException.invalid(pointer, "must have " + min + " to " + max + " characters");
        }
        return text;
    }

    static int limit(int limit) {
        return (int) range(limit, "/limit", 1, Limits.PAGE_MAX);
    }

    static double range(double number, String pointer, int min, int max) {
        if (!(number >= min && number <= max)) {
            throw MemoryException.invalid(pointer, "must be between " + min + " and " + max);
        }
        return number;
    }
}
