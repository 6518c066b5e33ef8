package dev.ctxmem.core;

import static dev.ctxmem.core.ErrorCode.INVALID_VALUE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.io.JsonStringEncoder;

/// A JSON value (RFC 8259) as compact text that is known to be well-formed and within [Limits]. Numbers keep
/// the digits they came with.
public final class Json {
    public static final Json NULL = new Json("null");
    public static final Json EMPTY_OBJECT = new Json("{}");

    private final String text;

    private Json(String text) {
        this.text = text;
    }

    /// Parses one document nested at most [Limits#JSON_DEPTH_MAX] deep. Throws MALFORMED_JSON,
    /// DUPLICATE_JSON_NAME, INVALID_TEXT, JSON_TOO_DEEP, TOO_MANY_TOKENS, NUMBER_TOO_LONG or
    /// NUMBER_OUT_OF_RANGE.
    public static Json parse(String text) {
        return new Json(JsonValidation.compact(text, Limits.JSON_DEPTH_MAX, Limits.JSON_TOKENS_MAX));
    }

    /// Parses the body of a request: strict UTF-8 (else MALFORMED_ENCODING), and room for an envelope around
    /// values of the largest depth.
    public static Json parseBody(byte[] utf8) {
        return parseEnvelope(utf8, Limits.JSON_TOKENS_MAX);
    }

    /// Parses the body of an answer: like [#parseBody], with room for a whole page of the largest values.
    public static Json parseAnswer(byte[] utf8) {
        return parseEnvelope(utf8, Limits.JSON_TOKENS_MAX * (Limits.PAGE_MAX + 1));
    }

    /// Takes text that came out of [#text()] before, from a store, without looking at it again.
    public static Json stored(String text) {
        return new Json(text);
    }

    /// A JSON string. Throws INVALID_TEXT for U+0000 and lone surrogates.
    public static Json string(String value) {
        Text.requireStorable(value, "/value");
        var quoted = new StringBuilder(value.length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, quoted);
        return new Json(quoted.append('"').toString());
    }

    /// Compact JSON text: no white space outside strings.
    public String text() {
        return text;
    }

    public boolean isNull() {
        return text.equals("null");
    }

    public boolean isObject() {
        return text.charAt(0) == '{';
    }

    public boolean isArray() {
        return text.charAt(0) == '[';
    }

    public boolean isString() {
        return text.charAt(0) == '"';
    }

    public boolean isNumber() {
        char first = text.charAt(0);
        return first == '-' || (first >= '0' && first <= '9');
    }

    public boolean isBoolean() {
        return text.equals("true") || text.equals("false");
    }

    /// The members of an object in their order; INVALID_VALUE for anything else.
    public Map<String, Json> members() {
        if (!isObject()) {
            throw new MemoryException(INVALID_VALUE, "A JSON object is expected here.");
        }
        var members = new LinkedHashMap<String, Json>();
        for (int start = 1; start < text.length() - 1; ) {
            int colon = JsonValidation.endOfValue(text, start);
            int end = JsonValidation.endOfValue(text, colon + 1);
            members.put(JsonValidation.unquote(text.substring(start, colon)), new Json(text.substring(colon + 1, end)));
            start = end + 1;
        }
        return Collections.unmodifiableMap(members);
    }

    /// The elements of an array in their order; INVALID_VALUE for anything else.
    public List<Json> elements() {
        if (!isArray()) {
            throw new MemoryException(INVALID_VALUE, "A JSON array is expected here.");
        }
        var elements = new ArrayList<Json>();
        for (int start = 1; start < text.length() - 1; ) {
            int end = JsonValidation.endOfValue(text, start);
            elements.add(new Json(text.substring(start, end)));
            start = end + 1;
        }
        return Collections.unmodifiableList(elements);
    }

    /// The characters of a JSON string; INVALID_VALUE for anything else.
    public String asString() {
        if (!isString()) {
            throw new MemoryException(INVALID_VALUE, "A JSON string is expected here.");
        }
        return JsonValidation.unquote(text);
    }

    /// Equal text; use it for tests and caches, not for JSON equality (`1.0` and `1` differ here).
    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && json.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static Json parseEnvelope(byte[] utf8, int tokensMax) {
        int depthMax = Limits.JSON_DEPTH_MAX + JsonValidation.ENVELOPE_DEPTH;
        return new Json(JsonValidation.compact(JsonValidation.decode(utf8), depthMax, tokensMax));
    }
}
