package dev.ctxmem.client;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Paths of the API. Every part that a caller chose is percent-encoded but for the unreserved characters of RFC
/// 3986, so that a key may hold slashes and end in `/history`.
final class Paths {
    static final String SIGNUP = "/v1/signup";
    static final String HEALTH = "/health";
    static final String OPERATOR_ACCOUNTS = "/v1/operator/accounts";
    static final String OPERATOR_TASKS = "/v1/operator/tasks";
    static final String LIMITS = "/v1/limits";
    static final String NAMESPACES = "/v1/namespaces";
    static final String SEARCH = "/v1/search";
    static final String SEARCH_TEXT = "/v1/search/text";
    static final String ACCOUNT = "/v1/account";
    static final String KEYS = "/v1/account/keys";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Paths() {}

    /// NOT_FOUND for what cannot be a slug because it would change the path.
    static String namespace(String slug) {
        if (changesPath(slug)) {
            throw MemoryException.notFound("Namespace");
        }
        return NAMESPACES + "/" + encoded(slug);
    }

    static String entries(String namespace) {
        return namespace(namespace) + "/entries";
    }

    /// INVALID_KEY for what cannot be a key: `.` and `..` are resolved by proxies, encoded or not, and would
    /// address something else.
    static String entry(String namespace, String key) {
        if (changesPath(key)) {
            throw MemoryException.invalid(ErrorCode.INVALID_KEY, "/key", "must not be empty, '.' or '..'");
        }
        return entries(namespace) + "/" + encoded(key);
    }

    static String history(String namespace, String key) {
        return entry(namespace, key) + "/history";
    }

    /// NOT_FOUND for what is neither an id nor an address because it would change the path.
    static String operatorAccount(String idOrEmail) {
        if (changesPath(idOrEmail)) {
            throw MemoryException.notFound("Account");
        }
        return OPERATOR_ACCOUNTS + "/" + encoded(idOrEmail);
    }

    private static boolean changesPath(String segment) {
        return segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }

    /// INVALID_KEY for a lone surrogate, which has no bytes.
    static String encoded(String text) {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new MemoryException(ErrorCode.INVALID_KEY, "The key holds a lone surrogate.", e);
        }
        var out = new StringBuilder(utf8.remaining() + 16);
        while (utf8.hasRemaining()) {
            byte b = utf8.get();
            if (isUnreserved(b)) {
                out.append((char) b);
            } else {
                HEX.toHexDigits(out.append('%'), b);
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }
}
