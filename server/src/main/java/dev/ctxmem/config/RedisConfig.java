package dev.ctxmem.config;

import java.util.Optional;

/// Where instances count together; empty where one counts for itself.
public record RedisConfig(Optional<String> url) {
    /// Never prints the password.
    @Override
    public String toString() {
        return "RedisConfig[" + (url.isPresent() ? "set" : "unset") + "]";
    }
}
