package dev.ctxmem.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.RateLimiter;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who is calling, by the key in `Authorization: Bearer` or `x-api-key`.
///
/// Callers that keep failing are slowed down by address. That must not lock out the owner of a key behind the
/// same address, nor let a guesser's lucky guess through: an address that is over its limit is still let in
/// with keys that were seen to be good there before.
final class Authentication {
    private static final HeaderName API_KEY = HeaderNames.create("X-Api-Key");
    private static final String BEARER = "bearer ";
    private static final Pattern TOKEN = Pattern.compile("ctx_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}");
    private static final Set<String> CREDENTIAL_NAMES = Set.of(
            "api_key",
            "apikey",
            "api-key",
            "x-api-key",
            "x_api_key",
            "access_token",
            "token",
            "authorization",
            "bearer");

    private static final long FAILURES_PER_MINUTE = 30;
    private static final int SUSPECTS_MAX = 10_000;
    private static final int GOOD_KEYS_MAX = 1_000;
    private static final Duration SUSPICION = Duration.ofMinutes(10);

    private final Accounts accounts;
    private final RateLimiter limiter;
    private final Cache<String, Suspect> suspects = Caffeine.newBuilder()
            .maximumSize(SUSPECTS_MAX)
            .expireAfterAccess(SUSPICION)
            .build();
    private final LongSupplier nanoTime;

    Authentication(Accounts accounts, RateLimiter limiter, LongSupplier nanoTime) {
        this.accounts = accounts;
        this.limiter = limiter;
        this.nanoTime = nanoTime;
    }

    /// INVALID_API_KEY, the same for every reason; RATE_LIMITED.
    Principal authenticate(Headers headers, InetAddress client, String requestId) {
        Principal principal;
        try {
            principal = accounts.authenticate(tokenOf(headers), requestId);
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INVALID_API_KEY) {
                countFailure(ClientAddress.network(client));
            }
            throw e;
        }
        // Looking an address up costs as much as all the rest, and as a rule nobody is suspected.
        if (suspects.estimatedSize() > 0) {
            Suspect suspect = suspects.getIfPresent(ClientAddress.network(client));
            if (suspect != null) {
                suspect.requireKnown(principal.key(), nanoTime.getAsLong());
            }
        }
        return principal;
    }

    /// CREDENTIAL_IN_URL for a query that carries a key: URLs end up in logs, so it counts as leaked.
    static void requireNoCredential(Query query) {
        for (Query.Parameter parameter : query.parameters()) {
            if (CREDENTIAL_NAMES.contains(parameter.name().toLowerCase(Locale.ROOT))
                    || TOKEN.matcher(parameter.value()).find()) {
                throw new MemoryException(ErrorCode.CREDENTIAL_IN_URL, "The URL holds a credential.");
            }
        }
    }

    /// The bearer token of a request; null where there is none.
    static @Nullable String bearerOf(Headers headers) {
        if (!headers.contains(HeaderNames.AUTHORIZATION)) {
            return null;
        }
        String value = headers.get(HeaderNames.AUTHORIZATION).get();
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).trim()
                : null;
    }

    private static String tokenOf(Headers headers) {
        String bearer = bearerOf(headers);
        if (bearer != null) {
            return bearer;
        }
        return headers.contains(API_KEY) ? headers.get(API_KEY).get().trim() : "";
    }

    private void countFailure(String network) {
        Suspect suspect = suspects.get(network, absent -> new Suspect());
        RateLimiter.Decision decision = limiter.take("failures of " + network, FAILURES_PER_MINUTE);
        if (!decision.allowed()) {
            suspect.refusedUntil = nanoTime.getAsLong() + decision.retryAfter().toNanos();
            suspect.refused = true;
            throw tooMany(decision.retryAfter());
        }
    }

    private static MemoryException tooMany(Duration retryAfter) {
        return MemoryException.retryLater(
                ErrorCode.RATE_LIMITED, "Too many requests without a valid key from this address.", retryAfter);
    }

    /// An address that has failed of late.
    private static final class Suspect {
        private final Set<UUID> goodKeys = ConcurrentHashMap.newKeySet();
        private volatile long refusedUntil;
        private volatile boolean refused;

        void requireKnown(UUID key, long now) {
            if (goodKeys.contains(key)) {
                return;
            }
            long wait = refusedUntil - now;
            if (refused && wait > 0) {
                throw tooMany(Duration.ofNanos(wait));
            }
            if (goodKeys.size() < GOOD_KEYS_MAX) {
                goodKeys.add(key);
            }
        }
    }
}
