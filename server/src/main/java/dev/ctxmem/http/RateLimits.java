package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.memory.Tiers;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Duration;
import java.util.List;

/// How often one key may call: as the key says, else as its account's tier says. Told in the headers of
/// draft-ietf-httpapi-ratelimit-headers-10.
final class RateLimits {
    private static final HeaderName LIMIT = HeaderNames.create("RateLimit");
    private static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");

    private final RateLimiter limiter;
    private final Tiers tiers;

    RateLimits(RateLimiter limiter, Tiers tiers) {
        this.limiter = limiter;
        this.tiers = tiers;
    }

    /// Takes one request from the key's bucket.
    Outcome take(Principal principal) {
        Integer own = principal.rateLimit();
        long perMinute = own == null ? tiers.of(principal.tier()).requestsPerMinute() : own;
        if (perMinute == Quota.UNLIMITED) {
            return Outcome.UNLIMITED;
        }
        RateLimiter.Decision decision = limiter.take(principal.key().toString(), perMinute);
        List<Header> headers = List.of(
                HeaderValues.create(POLICY, "\"key\";q=" + decision.perMinute() + ";w=60"),
                HeaderValues.create(
                        LIMIT,
                        "\"key\";r=" + decision.remaining() + ";t="
                                + decision.reset().plusNanos(999_999_999).toSeconds()));
        return new Outcome(decision, decision.perMinute(), headers);
    }

    /// Whether the request may go on, and what its answer says about it.
    record Outcome(RateLimiter.Decision decision, long perMinute, List<Header> headers) {
        private static final Outcome UNLIMITED = new Outcome(
                new RateLimiter.Decision(true, Long.MAX_VALUE, Duration.ZERO, Duration.ZERO, Quota.UNLIMITED),
                Quota.UNLIMITED,
                List.of());

        /// RATE_LIMITED.
        void require() {
            if (!decision.allowed()) {
                throw MemoryException.retryLater(
                        ErrorCode.RATE_LIMITED,
                        "This key may send " + perMinute + " requests a minute.",
                        decision.retryAfter());
            }
        }
    }
}
