package dev.ctxmem.config;

import java.util.Optional;

/// Which PostgreSQL to use. `migrations` is the same as `url` unless it is given; `replica` is a hot standby of it.
public record DatabaseConfig(
        DatabaseUrl url, DatabaseUrl migrations, Optional<DatabaseUrl> replica, int connections, boolean allowUnsafe) {}
