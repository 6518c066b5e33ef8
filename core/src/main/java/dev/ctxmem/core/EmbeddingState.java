package dev.ctxmem.core;

import java.util.Locale;

/// Whether search by meaning can find an entry: `READY` now (or by words only, where no embedder is
/// configured); `PENDING` soon; `FAILED` by words only, after several attempts.
public enum EmbeddingState {
    READY,
    PENDING,
    FAILED;

    /// The name on the wire: lower case.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static EmbeddingState named(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
