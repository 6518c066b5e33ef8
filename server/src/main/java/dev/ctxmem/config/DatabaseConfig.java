package dev.ctxmem.config;

/// Which PostgreSQL to use. `migrations` is the same as `url` unless it is given.
public record DatabaseConfig(DatabaseUrl url, DatabaseUrl migrations, int connections, boolean allowUnsafe) {}
