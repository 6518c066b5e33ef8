package dev.ctxmem.http;

/// Who may use a route. Scopes are enforced below HTTP, in `Memories`; here they are told to the reader, and to
/// the test that tries every kind of key on every route.
enum Access {
    /// Anybody.
    OPEN,
    /// Anybody on this machine, or whoever has the metrics token.
    METRICS,
    /// Whoever has the operator's key.
    OPERATOR,
    /// Any valid key.
    KEY,
    /// A key with the scope `read`.
    READ,
    /// A key with the scope `write`.
    WRITE,
    /// A key with the scope `delete`.
    DELETE,
    /// A key with the scope `admin`.
    ADMIN;

    boolean needsKey() {
        return this != OPEN && this != METRICS && this != OPERATOR;
    }
}
