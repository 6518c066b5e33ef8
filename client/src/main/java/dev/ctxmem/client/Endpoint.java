package dev.ctxmem.client;

import dev.ctxmem.core.MemoryException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/// Where a server is and how patiently to speak with it. `url` is `http://HOST[:PORT]` or `https://…`, with a
/// path where the server is mounted below one; a slash at its end is dropped. `connectTimeout` and
/// `answerTimeout` (from the first byte sent to the last one received) are positive. `retriesMax` is how often
/// a call that was answered with 429 or 503 is sent again, 0 to 10; see [#withRetries].
public record Endpoint(URI url, Duration connectTimeout, Duration answerTimeout, int retriesMax) {
    public static final Duration CONNECT_TIMEOUT_DEFAULT = Duration.ofSeconds(5);
    public static final Duration ANSWER_TIMEOUT_DEFAULT = Duration.ofSeconds(30);
    public static final int RETRIES_MAX = 10;

    /// INVALID_VALUE for a URL of another form, for time-outs that are not positive, and for too many retries.
    public Endpoint {
        url = checked(url);
        if (!connectTimeout.isPositive() || !answerTimeout.isPositive()) {
            throw MemoryException.invalid("/timeout", "must be positive");
        }
        if (retriesMax < 0 || retriesMax > RETRIES_MAX) {
            throw MemoryException.invalid("/retriesMax", "must be between 0 and " + RETRIES_MAX);
        }
    }

    /// The endpoint at `url` with the default time-outs and no retries.
    public static Endpoint at(String url) {
        try {
            return new Endpoint(new URI(url), CONNECT_TIMEOUT_DEFAULT, ANSWER_TIMEOUT_DEFAULT, 0);
        } catch (URISyntaxException e) {
            throw badUrl();
        }
    }

    public Endpoint withTimeouts(Duration connect, Duration answer) {
        return new Endpoint(url, connect, answer, retriesMax);
    }

    /// Sends a call that was answered with 429 or 503 again, up to `max` times, after the answer's
    /// `Retry-After` (one second when it has none; never more than half a minute). A 503 may follow a write
    /// that did happen, so that a retried write can leave one more version.
    public Endpoint withRetries(int max) {
        return new Endpoint(url, connectTimeout, answerTimeout, max);
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme))
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw badUrl();
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }

    private static MemoryException badUrl() {
        return MemoryException.invalid("/url", "must look like http://HOST:PORT or https://HOST");
    }
}
