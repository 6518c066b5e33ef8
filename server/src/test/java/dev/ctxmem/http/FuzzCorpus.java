package dev.ctxmem.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/// Nasty inputs, by chance from a seed: what has broken parsers, stores and servers before, and mixtures of it.
final class FuzzCorpus {
    private static final List<String> STRINGS = List.of(
            "",
            "a",
            "plain words to be found",
            "\u0000",
            "\u0001\u001f\u007f\u0085",
            "\ud800",
            "\udc00x",
            "\ud83d\ude00",
            "\ufeff",
            "\ufffe\uffff",
            "\u202eabc\u2066",
            "\u200b\u200d",
            "\udb40\udc41\udb40\udc42",
            "\u00e9",
            "e\u0301",
            "../../etc/passwd",
            "'; DROP TABLE entries; --",
            "\" OR 1=1",
            "$.a[*]",
            "a.b\\c",
            "foo \"bar",
            "* ? ~1000 [* TO *] /(a+)+$/ AND OR NOT",
            "%00%2F%252F",
            "<script>alert(1)</script>",
            "null",
            "-1",
            "ctx_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_aaaaaa",
            "\r\nX-Injected: yes\r\n\r\n",
            "k".repeat(500),
            "k".repeat(501),
            "\ud83d\ude00".repeat(500),
            "w ".repeat(3000));

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "1e308",
            "1e-308",
            "1e309",
            "1e131071",
            "1e999999999",
            "1.0",
            "1e2",
            "0.1e-7",
            "123456789012345678901234567890.123456789",
            "9".repeat(64),
            "9".repeat(65),
            "4".repeat(400),
            "NaN",
            "Infinity",
            "01",
            "+1",
            ".5",
            "1.",
            "0x10",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "{\"\":{}}",
            "{\"a\":1,\"a\":2}",
            "[1,2,]",
            "{\"a\":1,}",
            "'single'",
            "\"unterminated",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\ud83d\\ude00\"",
            "\"tab\there\"",
            "{\"__proto__\":1}",
            "{\"$ref\":\"#\"}",
            "tru",
            "nul",
            "\ufeff1",
            "1 2",
            "{} []",
            "/*c*/1");

    private static final List<String> FIELDS = List.of(
            "key",
            "value",
            "tags",
            "metadata",
            "importance",
            "ttl",
            "ttl_seconds",
            "query",
            "namespace",
            "limit",
            "threshold",
            "min_score",
            "context_tags",
            "explain",
            "slug",
            "name",
            "description",
            "scopes",
            "namespaces",
            "rate_limit",
            "expires_at",
            "email",
            "id",
            "account_id",
            "version",
            "created_at",
            "unknown",
            "");

    private static final List<String> PARTS = List.of(
            "a",
            "k%2Fk",
            "%00",
            "%",
            "%zz",
            "%ff",
            "%C0%AF",
            "%ED%A0%80",
            "%252F",
            "..",
            ".",
            "%2e%2e",
            ";x=1",
            "",
            "a+b",
            "a%20b",
            "history",
            "search",
            "%2Fhistory",
            "ns",
            "[x]|^",
            "\u00ff",
            "%F0%9F%98%80",
            "00000000-0000-7000-8000-000000000000",
            "~",
            "a&b=c",
            "k".repeat(300));

    private static final List<String> QUERIES = List.of(
            "",
            "limit=0",
            "limit=-1",
            "limit=2147483648",
            "limit=9223372036854775808",
            "limit=1e3",
            "limit=",
            "limit=1&limit=2",
            "cursor=",
            "cursor=AAAA",
            "cursor=%00",
            "tag=",
            "tag=%ff",
            "tag=a&tag=b&tag=c",
            "=",
            "&&&",
            "%",
            "%=%",
            "a=b?c=d",
            "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "limit=5&tag=a%20b",
            "unknown=1",
            "api_key=x",
            "tag=" + "t".repeat(3000));

    private static final List<String> HEADERS = List.of(
            "Accept: nonsense/;;q=x",
            "Content-Type: text/xml",
            "Content-Type: \"",
            "Content-Encoding: gzip",
            "Content-Encoding: br, identity",
            "X-HTTP-Method-Override: DELETE",
            "If-Match: *",
            "If-Match: W/\"x\"",
            "If-None-Match: garbage",
            "Idempotency-Key: " + "i".repeat(300),
            "X-Request-Id: " + "r".repeat(300),
            "X-Forwarded-For: %s%n,,,",
            "Origin: null",
            "Sec-Fetch-Site: cross-site",
            "Authorization: Bearer",
            "Authorization: Bearer \u00ff\u00fe",
            "Authorization: Negotiate x",
            "x-api-key: ctx_",
            "Expect: 200-maybe",
            "Upgrade: h2c",
            "Connection: Upgrade, HTTP2-Settings",
            "Range: bytes=0-",
            "Cookie: a=b; c",
            "TE: trailers",
            "X-Empty:",
            "X-\u00e4: y");

    private final SplittableRandom random;

    FuzzCorpus(SplittableRandom random) {
        this.random = random;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    String part() {
        return pick(PARTS);
    }

    String query() {
        return oneIn(4) ? pick(QUERIES) + "&" + pick(QUERIES) : pick(QUERIES);
    }

    String header() {
        return pick(HEADERS);
    }

    String string() {
        return oneIn(5) ? pick(STRINGS) + pick(STRINGS) : pick(STRINGS);
    }

    /// A string as JSON writes it, lone surrogates and all.
    static String quoted(String string) {
        var json = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c > 0xff00) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /// JSON text, well-formed or not.
    String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 10)) {
            case 0, 1, 2 -> pick(VALUES);
            case 3, 4 -> quoted(string());
            case 5 -> Double.toString(random.nextDouble() * 1e6);
            case 6, 7 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
            case 8 -> "{" + quoted(string()) + ":" + value(depth + 1) + "}";
            default -> nested();
        };
    }

    private String nested() {
        int depth = pick(List.of(10, 62, 63, 64, 65, 68, 69, 1000));
        return oneIn(2) ? "[".repeat(depth) + "]".repeat(depth) : "{\"d\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    /// The body of a request: members of the kinds that routes look for, in any state.
    byte[] body() {
        var body = new StringBuilder();
        switch (random.nextInt(20)) {
            case 0 -> body.append(value(0));
            case 1 -> body.append("{".repeat(random.nextInt(50)));
            case 2 -> {
                if (oneIn(20)) {
                    body.append(pick(List.of(
                            "[".repeat(100_000),
                            "[" + "{},".repeat(250_000) + "{}]",
                            "{\"value\":\"" + "x".repeat(1 << 20) + "\"}",
                            "{\"value\":[" + "1e131071,".repeat(9000) + "1]}",
                            "{\"query\":\"" + "q".repeat(1 << 20) + "\"}")));
                }
            }
            default -> {
                body.append("{\"value\":")
                        .append(value(0))
                        .append(",\"query\":")
                        .append(quoted(string()));
                for (int i = random.nextInt(6); i > 0; i--) {
                    body.append(',').append(quoted(pick(FIELDS))).append(':').append(value(0));
                }
                body.append('}');
            }
        }
        byte[] bytes = body.toString().getBytes(oneIn(50) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        return oneIn(4) ? mutated(bytes) : bytes;
    }

    /// A body that is refused for its value alone.
    byte[] mildBody() {
        String value = "{\"value\":" + value(0) + ",\"tags\":[" + quoted(pick(STRINGS)) + "]}";
        return (oneIn(2) ? value : "{\"value\":" + value(2) + "}").getBytes(StandardCharsets.UTF_8);
    }

    /// A few bytes changed, left out or doubled.
    byte[] mutated(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < bytes.length; i++) {
            if (edits > 0 && random.nextInt(Math.max(1, bytes.length / 3)) == 0) {
                edits--;
                switch (random.nextInt(3)) {
                    case 0 -> out.write(random.nextInt(256));
                    case 1 -> {}
                    default -> {
                        out.write(bytes[i]);
                        out.write(bytes[i]);
                    }
                }
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }
}
