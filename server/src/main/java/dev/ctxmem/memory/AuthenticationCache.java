package dev.ctxmem.memory;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers valid keys for a short while, so that a request need not ask the store. What is revoked elsewhere
/// is forgotten within [#MILLIS_MAX]. Thread-safe.
final class AuthenticationCache {
    static final long MILLIS_MAX = Duration.ofSeconds(5).toMillis();

    /// Past it everything is forgotten at once: simpler than an order of use, and rare.
    private static final int HOLDERS_MAX = 10_000;

    private final InstantSource clock;
    private final ConcurrentHashMap<String, Remembered> byToken = new ConcurrentHashMap<>();

    AuthenticationCache(InstantSource clock) {
        this.clock = clock;
    }

    Optional<Holder> get(String token) {
        Remembered remembered = byToken.get(token);
        return remembered == null || Math.abs(clock.millis() - remembered.atMillis) >= MILLIS_MAX
                ? Optional.empty()
                : Optional.of(remembered.holder);
    }

    void put(String token, Holder holder) {
        if (byToken.size() >= HOLDERS_MAX) {
            byToken.clear();
        }
        byToken.put(token, new Remembered(holder, clock.millis()));
    }

    void clear() {
        byToken.clear();
    }

    /// Who a token belongs to.
    record Holder(UUID account, Tier tier, ApiKey key) {}

    private record Remembered(Holder holder, long atMillis) {}
}
