package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.RateLimiter;
import dev.ctxmem.memory.SignupRule;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How often a key may call, and how often an address may fail.
class RatesTest {
    @Test
    void aKey_isHeldToItsTiersRateAndToldSo() {
        try (TestServer server = TestServer.with()
                        .signup(SignupRule.OPEN, Tier.FREE)
                        .tier(Tier.FREE, new TierLimits(-1, -1, -1, 6))
                        .start();
                Api api = server.newcomer()) {
            for (int left = 5; left >= 0; left--) {
                Reply reply = api.get("/v1/namespaces");
                assertEquals(200, reply.status());
                assertEquals("\"key\";q=6;w=60", reply.header("ratelimit-policy"));
                assertTrue(
                        String.valueOf(reply.header("ratelimit")).startsWith("\"key\";r=" + left + ";t="),
                        reply::toString);
            }
            Reply refused = api.get("/v1/namespaces");
            assertEquals(429, refused.status());
            assertEquals("RATE_LIMITED", refused.at("/code"));
            assertEquals("10", refused.header("retry-after"));
            assertEquals(200, api.with(null).get("/health").status());
            server.clock().advance(Duration.ofSeconds(10));
            assertEquals(200, api.get("/v1/namespaces").status());
            assertEquals(429, api.get("/v1/namespaces").status());
        }
    }

    @Test
    void aKeysOwnRate_winsAndOtherKeysAreTheirOwn() {
        try (TestServer server = TestServer.start();
                Api api = server.newcomer();
                Api slow = api.with(api.post("/v1/account/keys", "{\"name\":\"slow\",\"rate_limit\":1}")
                        .at("/api_key"))) {
            assertEquals(200, slow.get("/v1/namespaces").status());
            assertEquals(429, slow.get("/v1/namespaces").status());
            assertEquals(200, api.get("/v1/namespaces").status());
        }
    }

    @Test
    void aTierWithoutARate_hasNoHeaders() {
        try (TestServer server = TestServer.with()
                        .tier(Tier.TEAM, new TierLimits(-1, -1, -1, -1))
                        .start();
                Api api = server.newcomer()) {
            assertNull(api.get("/v1/namespaces").header("ratelimit"));
        }
    }

    @Test
    void anAddressThatKeepsFailing_isSlowedDownButItsOwnersKeyIsNot() {
        try (TestServer server = TestServer.start();
                Api owner = server.newcomer();
                Api late = server.newcomer();
                Api guesser = owner.with("ctx_guess")) {
            guesser.get("/v1/namespaces");
            assertEquals(200, owner.get("/v1/namespaces").status());
            for (int i = 1; i < 30; i++) {
                assertEquals(401, guesser.get("/v1/namespaces").status());
            }
            Reply refused = guesser.get("/v1/namespaces");
            assertEquals(429, refused.status());
            assertEquals("2", refused.header("retry-after"));
            assertEquals(200, owner.get("/v1/namespaces").status());
            assertEquals(429, late.get("/v1/namespaces").status(), "a lucky guess must look like a wrong one");
            server.clock().advance(Duration.ofSeconds(2));
            assertEquals(200, late.get("/v1/namespaces").status());
            assertEquals(401, guesser.get("/v1/namespaces").status());
        }
    }

    @Test
    void bucket_refillsEvenlyAndNeverOverflows() {
        var now = new AtomicLong();
        var buckets = new TokenBuckets(now::get);
        for (int i = 0; i < 60; i++) {
            assertTrue(buckets.take("a", 60).allowed());
        }
        RateLimiter.Decision empty = buckets.take("a", 60);
        assertEquals(false, empty.allowed());
        assertEquals(Duration.ofSeconds(1), empty.retryAfter());
        assertEquals(Duration.ofMinutes(1), empty.reset());
        now.addAndGet(Duration.ofMillis(2500).toNanos());
        assertTrue(buckets.take("a", 60).allowed());
        assertTrue(buckets.take("a", 60).allowed());
        assertEquals(false, buckets.take("a", 60).allowed());
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertEquals(59, buckets.take("a", 60).remaining());
        assertEquals(59, buckets.take("b", 60).remaining());
    }
}
