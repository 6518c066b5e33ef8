package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Reads the bodies of requests, never more of one than is allowed.
final class Bodies {
    private static final byte[] NONE = {};

    private Bodies() {}

    /// Whether the request says that it has a body.
    static boolean announced(Headers headers) {
        return headers.contains(HeaderNames.TRANSFER_ENCODING)
                || (headers.contains(HeaderNames.CONTENT_LENGTH)
                        && !headers.get(HeaderNames.CONTENT_LENGTH).get().equals("0"));
    }

    /// How many bytes may have to be held for it.
    static int bytesMax(Headers headers) {
        return headers.contains(HeaderNames.TRANSFER_ENCODING)
                ? Limits.BODY_BYTES_MAX
                : (int) Math.min(headers.contentLength().orElse(0), Limits.BODY_BYTES_MAX);
    }

    /// UNSUPPORTED_ENCODING, BODY_TOO_LARGE, MALFORMED_REQUEST.
    static byte[] read(RoutingRequest request) {
        Headers headers = request.headers();
        if (headers.contains(HeaderNames.CONTENT_ENCODING)
                && !headers.get(HeaderNames.CONTENT_ENCODING).get().equalsIgnoreCase("identity")) {
            throw new MemoryException(ErrorCode.UNSUPPORTED_ENCODING, "The body has a Content-Encoding.");
        }
        if (!announced(headers)) {
            return NONE;
        }
        byte[] body;
        try {
            // Not closed: that would read on, after what could not be read.
            body = request.content().inputStream().readNBytes(Limits.BODY_BYTES_MAX + 1);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RequestException e) {
            throw e.status().code() == ErrorCode.BODY_TOO_LARGE.status() ? tooLarge() : malformed(e);
        } catch (RuntimeException e) {
            // The parser's own failures have no type in common; all are about what the client sent.
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (body.length > Limits.BODY_BYTES_MAX) {
            throw tooLarge();
        }
        return body;
    }

    private static MemoryException tooLarge() {
        return new MemoryException(
                ErrorCode.BODY_TOO_LARGE, "The body is larger than " + Limits.BODY_BYTES_MAX + " bytes.");
    }

    private static MemoryException malformed(RuntimeException cause) {
        return new MemoryException(
                ErrorCode.MALFORMED_REQUEST, "The body of the request is not well-formed HTTP/1.1.", cause);
    }
}
