package dev.ctxmem.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How the server listens. Port 0 picks a free one. `allowedHosts` are host names besides the loopback ones;
/// when empty and the server listens on all addresses, any is allowed. `trustedProxies` are addresses or CIDR
/// ranges. `shutdownDelay` is how long /readyz says no before the listener closes.
public record HttpConfig(
        String host,
        int port,
        Set<String> allowedHosts,
        Set<String> allowedOrigins,
        List<String> trustedProxies,
        Optional<Integer> metricsPort,
        Optional<String> metricsToken,
        Duration shutdownDelay) {
    static final int PORT_MAX = 65_535;

    public HttpConfig {
        allowedHosts = Set.copyOf(allowedHosts);
        allowedOrigins = Set.copyOf(allowedOrigins);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /// Whether only programs on this machine can reach the server.
    public boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }

    /// Never prints the token.
    @Override
    public String toString() {
        return "HttpConfig[" + host + ":" + port + "]";
    }
}
