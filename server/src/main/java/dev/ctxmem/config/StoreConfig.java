package dev.ctxmem.config;

import java.nio.file.Path;

/// Where the embedded store keeps its files.
public record StoreConfig(Path dataDirectory, boolean allowNetworkStorage) {}
