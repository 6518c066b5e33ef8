package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Keeps web pages out that the operator did not let in: a page of another origin, and a page whose host name
/// was made to point at this machine (DNS rebinding). Programs send neither `Origin` nor a foreign `Host`.
final class Origins {
    /// Compiled once: it is asked with every request.
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final HeaderName FETCH_MODE = HeaderNames.create("Sec-Fetch-Mode");
    private static final Header ALLOW_METHODS =
            HeaderValues.createCached("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    private static final Header ALLOW_HEADERS = HeaderValues.createCached(
            "Access-Control-Allow-Headers", "Authorization, X-Api-Key, Content-Type, X-Request-Id");
    private static final Header EXPOSE_HEADERS = HeaderValues.createCached(
            "Access-Control-Expose-Headers",
            "X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Account-Revision");
    private static final Header MAX_AGE = HeaderValues.createCached("Access-Control-Max-Age", "600");

    private final boolean checksHost;
    private final Set<String> hosts;
    private final Set<String> origins;

    /// `checksHost` on a loopback listener; elsewhere hosts are checked only where some are named.
    Origins(boolean loopback, Set<String> hosts, Set<String> origins) {
        this.checksHost = loopback || !hosts.isEmpty();
        this.hosts = hosts.stream().map(Origins::lower).collect(Collectors.toUnmodifiableSet());
        this.origins = origins.stream().map(Origins::lower).collect(Collectors.toUnmodifiableSet());
    }

    /// HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED.
    void check(String method, Headers headers) {
        if (checksHost) {
            requireHost(nameOf(headers.get(HeaderNames.HOST).get()));
        }
        if (headers.contains(HeaderNames.ORIGIN)) {
            String origin = headers.get(HeaderNames.ORIGIN).get();
            if (!isSame(origin, headers) && !isConfigured(origin)) {
                throw refused();
            }
        } else if (is(headers, FETCH_SITE, "cross-site") && !isNavigation(method, headers)) {
            throw refused();
        }
    }

    /// The headers that let a page of a configured origin read an answer; none for anybody else.
    List<Header> allowing(Headers headers, boolean preflight) {
        if (origins.isEmpty() || !headers.contains(HeaderNames.ORIGIN)) {
            return List.of();
        }
        String origin = headers.get(HeaderNames.ORIGIN).get();
        if (!isConfigured(origin)) {
            return List.of();
        }
        Header allow = HeaderValues.create("Access-Control-Allow-Origin", origin);
        return preflight ? List.of(allow, ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE) : List.of(allow, EXPOSE_HEADERS);
    }

    private void requireHost(String name) {
        boolean loopback = name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("::1")
                || LOOPBACK.matcher(name).matches();
        if (!loopback && !hosts.contains(name)) {
            throw new MemoryException(
                    ErrorCode.HOST_NOT_ALLOWED, "This server does not answer under the host name of the request.");
        }
    }

    /// A link that a person follows: it carries no key, and what it gets is shown to that person only.
    private static boolean isNavigation(String method, Headers headers) {
        return method.equals("GET") && is(headers, FETCH_MODE, "navigate");
    }

    /// The scheme is left out of it: a proxy may have taken TLS off.
    private static boolean isSame(String origin, Headers headers) {
        int scheme = origin.indexOf("://");
        return scheme > 0
                && lower(origin.substring(scheme + 3))
                        .equals(lower(headers.get(HeaderNames.HOST).get()));
    }

    private boolean isConfigured(String origin) {
        return origins.contains(lower(origin));
    }

    private static boolean is(Headers headers, HeaderName name, String value) {
        return headers.contains(name) && headers.get(name).get().equalsIgnoreCase(value);
    }

    /// A host without its port, an IPv6 literal without its brackets.
    private static String nameOf(String host) {
        String name = lower(host);
        if (name.startsWith("[")) {
            int end = name.indexOf(']');
            return end < 0 ? name : name.substring(1, end);
        }
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static MemoryException refused() {
        return new MemoryException(ErrorCode.ORIGIN_NOT_ALLOWED, "Web pages of that origin may not call this server.");
    }
}
