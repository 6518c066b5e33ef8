package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import io.helidon.http.Headers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// `/metrics`.
final class MetricRoutes {
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final Metrics metrics;
    private final Optional<String> token;
    private final boolean elsewhere;

    /// With a `token`, whoever sends it is let in; `elsewhere` says that there is a listener for metrics alone.
    MetricRoutes(Metrics metrics, Optional<String> token, boolean elsewhere) {
        this.metrics = metrics;
        this.token = token;
        this.elsewhere = elsewhere;
    }

    Answer metrics(Call call) {
        return Answer.text(FORMAT, metrics.scrape());
    }

    /// Lets callers on this machine in, unless the request came through a proxy or metrics have a listener of
    /// their own. ROUTE_NOT_FOUND, INVALID_API_KEY.
    void requireAllowed(Headers headers, InetAddress peer) {
        String bearer = Authentication.bearerOf(headers);
        if (token.isPresent() && bearer != null) {
            if (!MessageDigest.isEqual(utf8(token.get()), utf8(bearer))) {
                throw new MemoryException(ErrorCode.INVALID_API_KEY, "The metrics token is wrong.");
            }
        } else if (elsewhere || !ClientAddress.isLocal(peer, headers)) {
            throw new MemoryException(ErrorCode.ROUTE_NOT_FOUND, "There is nothing here for this caller.");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
