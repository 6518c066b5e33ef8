package dev.ctxmem.core;

/// A key at the only moment its secret is known: `token` is what callers send.
public record IssuedKey(ApiKey key, String token) {
    /// Never prints the token.
    @Override
    public String toString() {
        return "IssuedKey[" + key.prefix() + "]";
    }
}
