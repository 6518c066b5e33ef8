package dev.ctxmem;

/// Where an [Installation] keeps what it knows.
enum StoreKind {
    EMBEDDED,
    POSTGRES
}
