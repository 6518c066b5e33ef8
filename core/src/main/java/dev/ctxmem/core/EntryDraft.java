package dev.ctxmem.core;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a write stores under a key: it replaces value, tags, metadata and importance as a whole, and the TTL as
/// [TimeToLive] says.
/// `metadata` is a JSON object; `importance` is 0 to 1.
public record EntryDraft(
        String key, Json value, List<String> tags, Json metadata, double importance, TimeToLive timeToLive) {
    public static final double IMPORTANCE_DEFAULT = 0.5;

    public EntryDraft {
        Text.key(key);
        tags = Text.tags(tags, "/tags");
        importance = Text.range(importance, "/importance", 0, 1);
        if (!metadata.isObject()) {
            throw MemoryException.invalid("/metadata", "must be an object");
        }
        // The quotes of a string are not counted, so that a text of exactly the limit fits.
        int quotes = value.isString() ? 2 : 0;
        if (utf8Length(value.text()) - quotes > Limits.VALUE_BYTES_MAX) {
            throw MemoryException.invalid(
                    ErrorCode.VALUE_TOO_LARGE, "/value", "is larger than " + Limits.VALUE_BYTES_MAX + " bytes of JSON");
        }
        if (utf8Length(metadata.text()) > Limits.METADATA_BYTES_MAX) {
            throw MemoryException.invalid(
                    ErrorCode.VALUE_TOO_LARGE,
                    "/metadata",
                    "is larger than " + Limits.METADATA_BYTES_MAX + " bytes of JSON");
        }
    }

    /// A draft without tags, metadata or a change of TTL.
    public static EntryDraft of(String key, Json value) {
        return new EntryDraft(key, value, List.of(), Json.EMPTY_OBJECT, IMPORTANCE_DEFAULT, TimeToLive.KEEP);
    }

    private static int utf8Length(String text) {
        return text.length() <= Limits.METADATA_BYTES_MAX / 3
                ? text.length()
                : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
