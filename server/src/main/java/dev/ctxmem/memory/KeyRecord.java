package dev.ctxmem.memory;

import dev.ctxmem.core.ApiKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A key as a store keeps it. `hash` is lower-case hex: HMAC-SHA256 of the part behind `ctx_` under a pepper,
/// or plain SHA-256 for keys inserted by hand. `tokenId` is the id inside a token of our own form, null for
/// keys inserted by hand.
public record KeyRecord(ApiKey key, UUID account, @Nullable String tokenId, String hash) {}
