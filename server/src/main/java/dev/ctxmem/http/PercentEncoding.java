package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-decoding of one part of a URL, once, as strict UTF-8 (RFC 3986, RFC 3629).
final class PercentEncoding {
    private PercentEncoding() {}

    /// A part of a path, where `+` is a plus. Throws MALFORMED_ENCODING.
    static String decodePath(String raw) {
        return decode(raw, false);
    }

    /// A name or value of a query, where `+` is a space. Throws MALFORMED_ENCODING.
    static String decodeQuery(String raw) {
        return decode(raw, true);
    }

    private static String decode(String raw, boolean plusIsSpace) {
        if (isPlain(raw)) {
            return raw;
        }
        var bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.put((byte) octet(raw, i));
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.put((byte) ' ');
            } else if (c > 0x7e || c < 0x21) {
                throw malformed();
            } else {
                bytes.put((byte) c);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static boolean isPlain(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == '+' || c > 0x7e || c < 0x21) {
                return false;
            }
        }
        return true;
    }

    private static int octet(String raw, int percent) {
        int high = percent + 2 < raw.length() ? Character.digit(raw.charAt(percent + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(raw.charAt(percent + 2), 16);
        if (low < 0) {
            throw malformed();
        }
        return high << 4 | low;
    }

    private static MemoryException malformed() {
        return new MemoryException(
                ErrorCode.MALFORMED_ENCODING, "The URL is not valid percent-encoding of valid UTF-8.");
    }
}
