package dev.ctxmem.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets clients of HTTP/1.0 in, which the parser refuses: proxies and health checkers speak it unless told
/// otherwise. The head of such a request is handed on as one of HTTP/1.1 that asks for the connection to be
/// closed, which is what the two versions differ in here.
final class Http10 {
    private static final byte[] VERSION = " HTTP/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String END_OF_HEAD = "\r\n\r\n";

    private Http10() {}

    /// The first bytes of a request as the parser should see them; `more` reads on, null at the end.
    static byte[] translate(byte[] first, int headBytesMax, Supplier<byte @Nullable []> more) {
        int line = endOfLine(first);
        if (line < VERSION.length || !endsWithVersion(first, line)) {
            return first;
        }
        String head = text(first);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first);
        while (!head.contains(END_OF_HEAD) && bytes.size() < headBytesMax) {
            byte[] next = more.get();
            if (next == null) {
                return bytes.toByteArray();
            }
            bytes.writeBytes(next);
            head = text(bytes.toByteArray());
        }
        String fields = head.substring(line, Math.max(line, head.indexOf(END_OF_HEAD) + 2))
                .toLowerCase(Locale.ROOT);
        // Chunks do not exist in HTTP/1.0: such a message is faulty (RFC 9112, 6.1), and refused as it stands.
        if (("\n" + fields).contains("\ntransfer-encoding:")) {
            return bytes.toByteArray();
        }
        var translated = new StringBuilder(head.length() + 64)
                .append(head, 0, line - VERSION.length)
                .append(" HTTP/1.1\r\nConnection: close\r\n");
        if (!("\n" + fields).contains("\nhost:")) {
            translated.append("Host: localhost\r\n");
        }
        return translated.append(head, line, head.length()).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Index behind the first line feed; 0 where there is none.
    private static int endOfLine(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean endsWithVersion(byte[] bytes, int line) {
        for (int i = 0; i < VERSION.length; i++) {
            if (bytes[line - VERSION.length + i] != VERSION[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
