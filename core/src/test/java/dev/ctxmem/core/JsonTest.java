package dev.ctxmem.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "0",
                "-0",
                "\"\"",
                "false",
                "true",
                "[]",
                "{}",
                "1e308",
                "-12.50",
                "100000000000000000000",
                "{\"a\":[1,{\"b\":\"c,d}]\\\"\"}],\"\":null}",
                "\"\\\\\""
            })
    void parse_keepsCompactTextAsItIs(String text) {
        assertEquals(text, Json.parse(text).text());
    }

    @Test
    void parse_dropsWhiteSpaceAndKeepsTheDigitsOfNumbers() {
        assertEquals(
                "{\"a\":[1.0,1e2,-0.50]}",
                Json.parse(" { \"a\" :\n[ 1.0, 1e2 ,\t-0.50 ] } ").text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "` `|MALFORMED_JSON",
                "{|MALFORMED_JSON",
                "[1,]|MALFORMED_JSON",
                "1 2|MALFORMED_JSON",
                "{} []|MALFORMED_JSON",
                "NaN|MALFORMED_JSON",
                "'a'|MALFORMED_JSON",
                "01|MALFORMED_JSON",
                "\"\\x\"|MALFORMED_JSON",
                "{\"a\":1,\"a\":2}|DUPLICATE_JSON_NAME",
                "{\"a\":1,\"\\u0061\":2}|DUPLICATE_JSON_NAME",
                "\"\\u0000\"|INVALID_TEXT",
                "\"\\ud800\"|INVALID_TEXT",
                "\"\\udc00x\"|INVALID_TEXT",
                "{\"\\ud800\":1}|MALFORMED_JSON",
                "1e309|NUMBER_OUT_OF_RANGE",
                "1e131071|NUMBER_OUT_OF_RANGE",
                "1E-999999999999|NUMBER_OUT_OF_RANGE",
            })
    void parse_refuses(String text, ErrorCode code) {
        assertEquals(
                code,
                assertThrows(MemoryException.class, () -> Json.parse(text)).code());
    }

    @Test
    void parse_takesTheDeepestAllowedNestingAndNoDeeper() {
        int max = Limits.JSON_DEPTH_MAX;
        Json.parse("[".repeat(max) + "]".repeat(max));
        for (int depth : List.of(max + 1, 1_000, 100_000)) {
            String deep = "[".repeat(depth) + "]".repeat(depth);
            assertEquals(
                    ErrorCode.JSON_TOO_DEEP,
                    assertThrows(MemoryException.class, () -> Json.parse(deep)).code());
        }
    }

    @Test
    void parse_boundsTokensAndNumbers() {
        String many = "[" + "{},".repeat(Limits.JSON_TOKENS_MAX / 2) + "{}]";
        assertEquals(
                ErrorCode.TOO_MANY_TOKENS,
                assertThrows(MemoryException.class, () -> Json.parse(many)).code());
        Json.parse("1".repeat(Limits.NUMBER_CHARACTERS_MAX));
        assertEquals(
                ErrorCode.NUMBER_TOO_LONG,
                assertThrows(MemoryException.class, () -> Json.parse("1".repeat(Limits.NUMBER_CHARACTERS_MAX + 1)))
                        .code());
    }

    @Test
    void parseBody_refusesWhatIsNotStrictUtf8() {
        for (byte[] bytes : List.of(
                new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'},
                new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
                new byte[] {'"', (byte) 0xff, '"'})) {
            assertEquals(
                    ErrorCode.MALFORMED_ENCODING,
                    assertThrows(MemoryException.class, () -> Json.parseBody(bytes))
                            .code());
        }
        assertEquals(
                "\"é😀\"",
                Json.parseBody("\"é😀\"".getBytes(StandardCharsets.UTF_8)).text());
    }

    @Test
    void members_splitsAnObjectWithoutTouchingTheValues() {
        Json json = Json.parse("{\"a\":{\"x\":[1,\"},\"]},\"b\\\"\":1.50,\"c\":\"\",\"d\":[]}");
        assertEquals(
                Map.of(
                        "a", Json.parse("{\"x\":[1,\"},\"]}"),
                        "b\"", Json.parse("1.50"),
                        "c", Json.parse("\"\""),
                        "d", Json.parse("[]")),
                json.members());
        assertTrue(Json.EMPTY_OBJECT.members().isEmpty());
    }

    @Test
    void elements_splitsAnArray() {
        assertEquals(
                List.of(Json.parse("1"), Json.parse("[2,[3]]"), Json.parse("\"a,b\""), Json.NULL),
                Json.parse("[1,[2,[3]],\"a,b\",null]").elements());
        assertTrue(Json.parse("[]").elements().isEmpty());
    }

    @Test
    void string_roundTripsEveryCharacterThatIsStorable() {
        String all = "a\"\\/\b\f\n\r\t\u0001\u001f\u007f\u2028é\ufffe😀";
        assertEquals(all, Json.string(all).asString());
        assertEquals(all, Json.parse(Json.string(all).text()).asString());
    }
}
