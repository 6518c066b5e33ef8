package dev.ctxmem.config;

import java.nio.file.Path;
import java.util.Optional;

/// Where the data are: in `database` if it is given, else in files of the data directory.
public record StoreConfig(Path dataDirectory, boolean allowNetworkStorage, Optional<DatabaseConfig> database) {}
