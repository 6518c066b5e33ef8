package dev.ctxmem.http;

import java.time.Duration;

/// What one server takes on at a time, and how long it waits. What a single request may hold is in
/// [dev.ctxmem.core.Limits].
///
/// @param connectionsMax open connections; more are answered 503 @param connectionsPerAddressMax open
/// connections of one client address; loopback and trusted proxies are exempt @param requestsAtOnceMax requests
/// being handled; the next one waits for `queueTimeout`, then is answered 503 @param bodyBytesAtOnceMax bytes
/// of request bodies being held; the next body waits for `queueTimeout` as well @param queueTimeout how long a
/// request waits for its turn @param headTimeout from the first byte of a request to the end of its headers,
/// then 408 @param requestTimeout from the first byte of a request to the last one of its body, then 408 @param
/// writeTimeout how long a client may leave an answer unread, then the connection is closed @param idleTimeout
/// how long a connection may stay open between two requests @param shutdownGrace how long requests in flight
/// may take once the listener is closed
public record HttpLimits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int requestsAtOnceMax,
        int bodyBytesAtOnceMax,
        Duration queueTimeout,
        Duration headTimeout,
        Duration requestTimeout,
        Duration writeTimeout,
        Duration idleTimeout,
        Duration shutdownGrace) {
    public static final HttpLimits DEFAULT = new HttpLimits(
            10_000,
            200,
            1024,
            16 << 20,
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(30));

    public HttpLimits {
        if (connectionsMax < 1 || connectionsPerAddressMax < 1 || requestsAtOnceMax < 1) {
            throw new IllegalArgumentException("Limits on connections and requests must be at least 1.");
        }
        if (bodyBytesAtOnceMax < 2 << 20) {
            throw new IllegalArgumentException("There must be room for at least 2 MiB of request bodies.");
        }
    }
}
