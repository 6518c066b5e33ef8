package dev.ctxmem.core;

import static dev.ctxmem.core.ErrorCode.DUPLICATE_JSON_NAME;
import static dev.ctxmem.core.ErrorCode.JSON_TOO_DEEP;
import static dev.ctxmem.core.ErrorCode.MALFORMED_ENCODING;
import static dev.ctxmem.core.ErrorCode.MALFORMED_JSON;
import static dev.ctxmem.core.ErrorCode.NUMBER_OUT_OF_RANGE;
import static dev.ctxmem.core.ErrorCode.NUMBER_TOO_LONG;
import static dev.ctxmem.core.ErrorCode.TOO_MANY_TOKENS;

import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// The one pass that turns text into a [Json]: syntax by Jackson, then our limits, token by token. What passes
/// here can be stored and read back by every store.
final class JsonValidation {
    /// Levels that a request or an answer may put around a value: the body, a list, an item.
    static final int ENVELOPE_DEPTH = 4;

    // Jackson's own limits stand behind ours, so that ours give the message.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2 * Limits.JSON_DEPTH_MAX)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(2 * Limits.JSON_DEPTH_MAX)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonValidation() {}

    static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MemoryException(MALFORMED_ENCODING, "The body is not valid UTF-8.", e);
        }
    }

    static String compact(String text, int depthMax, int tokensMax) {
        var compact = new StringWriter(text.length());
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text);
                JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), compact)) {
            copy(in, out, depthMax, tokensMax);
        } catch (StreamConstraintsException e) {
            throw new MemoryException(JSON_TOO_DEEP, "The JSON is nested more than " + depthMax + " levels deep.", e);
        } catch (StreamReadException e) {
            String problem = String.valueOf(e.getOriginalMessage());
            if (problem.startsWith("Duplicate")) {
                throw new MemoryException(
                        DUPLICATE_JSON_NAME, "An object in the JSON has the same member name twice.", e);
            }
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new MemoryException(MALFORMED_JSON, "The text is not well-formed JSON" + where + ".", e);
        } catch (JacksonIOException e) {
            throw new MemoryException(MALFORMED_JSON, "The text is not well-formed JSON.", e);
        }
        return compact.toString();
    }

    private static void copy(JsonParser in, JsonGenerator out, int depthMax, int tokensMax) {
        JsonToken token = in.nextToken();
        if (token == null) {
            throw new MemoryException(MALFORMED_JSON, "The body is empty; a JSON document is expected.");
        }
        int depth = 0;
        for (int tokens = 1; token != null; token = in.nextToken(), tokens++) {
            if (tokens > tokensMax) {
                throw new MemoryException(TOO_MANY_TOKENS, "The JSON has more than " + tokensMax + " tokens.");
            }
            if (depth == 0 && tokens > 1) {
                throw new MemoryException(MALFORMED_JSON, "Something follows the end of the JSON document.");
            }
            if (token.isStructStart() && ++depth > depthMax) {
                throw new MemoryException(JSON_TOO_DEEP, "The JSON is nested more than " + depthMax + " levels deep.");
            }
            if (token.isStructEnd()) {
                depth--;
            }
            copyToken(token, in, out);
        }
    }

    private static void copyToken(JsonToken token, JsonParser in, JsonGenerator out) {
        switch (token) {
            case START_OBJECT -> out.writeStartObject();
            case END_OBJECT -> out.writeEndObject();
            case START_ARRAY -> out.writeStartArray();
            case END_ARRAY -> out.writeEndArray();
            case PROPERTY_NAME -> {
                String name = in.currentName();
                Text.requireStorable(name, "/name");
                if (name.length() > Limits.JSON_NAME_CHARACTERS_MAX) {
                    throw MemoryException.invalid(
                            "/name",
                            "of a JSON member is longer than " + Limits.JSON_NAME_CHARACTERS_MAX + " characters");
                }
                out.writeName(name);
            }
            case VALUE_STRING -> {
                String string = in.getString();
                Text.requireStorable(string, "/string");
                out.writeString(string);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(checkedNumber(in.getString()));
            case VALUE_TRUE -> out.writeBoolean(true);
            case VALUE_FALSE -> out.writeBoolean(false);
            case VALUE_NULL -> out.writeNull();
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new IllegalStateException(token.name());
        }
    }

    /// Refuses numbers that a store could take and never give back: `1e131071` is a few bytes in and 131,072
    /// digits out.
    private static String checkedNumber(String number) {
        if (number.length() > Limits.NUMBER_CHARACTERS_MAX) {
            throw new MemoryException(
                    NUMBER_TOO_LONG,
                    "A number in the JSON has more than " + Limits.NUMBER_CHARACTERS_MAX + " characters.");
        }
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (e >= 0) {
            String exponent = number.substring(e + 1).replaceFirst("^[+-]?0*", "");
            if (exponent.length() > 3
                    || (!exponent.isEmpty() && Integer.parseInt(exponent) > Limits.NUMBER_EXPONENT_MAX)) {
                throw new MemoryException(
                        NUMBER_OUT_OF_RANGE,
                        "A number in the JSON has an exponent beyond ±" + Limits.NUMBER_EXPONENT_MAX + ".");
            }
        }
        return number;
    }

    /// Index just behind the value that starts at `start` of compact JSON.
    static int endOfValue(String json, int start) {
        int depth = 0;
        int i = start;
        do {
            switch (json.charAt(i)) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> i = endOfString(json, i);
                default -> {}
            }
            i++;
        } while (i < json.length() && (depth > 0 || !endsScalar(json.charAt(i))));
        return i;
    }

    private static boolean endsScalar(char c) {
        return c == ',' || c == ':' || c == '}' || c == ']';
    }

    private static int endOfString(String json, int quote) {
        int i = quote + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    /// The characters of a JSON string, given with its quotes.
    static String unquote(String string) {
        if (string.indexOf('\\') < 0) {
            return string.substring(1, string.length() - 1);
        }
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), string)) {
            in.nextToken();
            return in.getString();
        }
    }
}
