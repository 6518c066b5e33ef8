package dev.ctxmem.config;

import dev.ctxmem.core.Limits;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.SignupRule;
import dev.ctxmem.memory.Tiers;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Everything the server is told, read once at start: flags of `ctx serve` first, then the environment, then
/// `.env` of the working directory, then the defaults of [Key].
public record Config(
        HttpConfig http,
        StoreConfig store,
        EmbeddingConfig embedding,
        AccountsConfig accounts,
        RedisConfig redis,
        Optional<BillingConfig> billing,
        Optional<TraceConfig> traces,
        LogConfig log) {
    private static final String DOT_ENV = ".env";
    private static final int POOL_SIZE_MAX = 200;

    /// Throws [ConfigException] with every problem at once. `flags` maps `--name` to its value.
    public static Config read(Map<String, String> flags, Map<String, String> environment, Path workingDirectory) {
        var problems = new ArrayList<String>();
        Map<String, String> dotEnv = DotEnv.parse(lines(workingDirectory.resolve(DOT_ENV), problems), problems);
        var settings = new Settings(
                flags,
                SecretFiles.read(environment, workingDirectory, problems),
                SecretFiles.read(dotEnv, workingDirectory, problems),
                problems);
        Optional<BillingConfig> billing = new BillingSettings(settings, problems).read();
        var config = new Config(
                http(settings),
                store(settings, environment, workingDirectory, problems),
                embedding(settings, environment, problems),
                // Where accounts pay, a new one has paid nothing yet.
                accounts(settings, billing.isPresent() ? Tier.FREE : Tier.TEAM, problems),
                redis(settings, problems),
                billing,
                new TraceSettings(settings, problems).read(),
                new LogConfig(
                        settings.choice(Key.LOG_FORMAT, LogConfig.Format.class),
                        settings.choice(Key.LOG_LEVEL, LogConfig.Level.class),
                        settings.choice(Key.ACCESS_LOG, LogConfig.Access.class)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    private static HttpConfig http(Settings settings) {
        return new HttpConfig(
                settings.required(Key.HOST),
                settings.number(Key.PORT, 0, HttpConfig.PORT_MAX).orElseThrow(),
                Set.copyOf(settings.list(Key.ALLOWED_HOSTS)),
                Set.copyOf(settings.list(Key.ALLOWED_ORIGINS)),
                settings.list(Key.TRUSTED_PROXIES),
                settings.number(Key.METRICS_PORT, 0, HttpConfig.PORT_MAX),
                settings.text(Key.METRICS_TOKEN),
                settings.duration(Key.SHUTDOWN_DELAY, Duration.ZERO, Duration.ofMinutes(1)));
    }

    private static StoreConfig store(
            Settings settings, Map<String, String> environment, Path workingDirectory, List<String> problems) {
        Path directory = settings.text(Key.CTX_DATA_DIR)
                .map(workingDirectory::resolve)
                .orElseGet(() -> dataHome(environment).resolve("context-memory"));
        return new StoreConfig(
                directory.toAbsolutePath().normalize(),
                settings.flag(Key.CTX_ALLOW_NETWORK_STORAGE),
                database(settings, problems));
    }

    private static Optional<DatabaseConfig> database(Settings settings, List<String> problems) {
        Optional<DatabaseUrl> url = databaseUrl(settings, Key.DATABASE_URL, problems);
        Optional<DatabaseUrl> migrations = databaseUrl(settings, Key.DATABASE_MIGRATION_URL, problems);
        Optional<DatabaseUrl> replica = databaseUrl(settings, Key.DATABASE_REPLICA_URL, problems);
        if (replica.isPresent() && url.isEmpty()) {
            problems.add("DATABASE_REPLICA_URL needs DATABASE_URL: it is a standby of it.");
        }
        int connections =
                settings.number(Key.DATABASE_POOL_SIZE, 1, POOL_SIZE_MAX).orElseThrow();
        boolean allowUnsafe = settings.flag(Key.CTX_ALLOW_UNSAFE_DATABASE);
        return url.map(given -> new DatabaseConfig(given, migrations.orElse(given), replica, connections, allowUnsafe));
    }

    private static Optional<DatabaseUrl> databaseUrl(Settings settings, Key key, List<String> problems) {
        Optional<String> text = settings.text(key);
        Optional<DatabaseUrl> url = text.flatMap(DatabaseUrl::parse);
        if (text.isPresent() && url.isEmpty()) {
            problems.add(key + " must look like postgresql://user:password@host:5432/database"
                    + " or jdbc:postgresql://host:5432/database.");
        }
        return url;
    }

    /// The XDG base directory for data.
    private static Path dataHome(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", ".");
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        return data.isBlank() ? Path.of(home, ".local", "share") : Path.of(data);
    }

    private static EmbeddingConfig embedding(
            Settings settings, Map<String, String> environment, List<String> problems) {
        Optional<String> key = settings.text(Key.OPENAI_API_KEY);
        String provider = settings.text(Key.EMBEDDING_PROVIDER)
                .orElse(key.isPresent() ? EmbeddingConfig.OPENAI : EmbeddingConfig.LOCAL);
        String url = settings.required(Key.OPENAI_BASE_URL);
        URI base = URI.create(Key.OPENAI_BASE_URL.defaultText().orElseThrow());
        try {
            URI given = URI.create(url);
            if (given.getHost() == null || !List.of("http", "https").contains(given.getScheme())) {
                problems.add("OPENAI_BASE_URL must be an http or https URL, like http://localhost:11434/v1.");
            } else {
                base = given;
            }
        } catch (IllegalArgumentException e) {
            problems.add("OPENAI_BASE_URL is not a URL.");
        }
        List<Path> plugins = settings.text(Key.CTX_PLUGINS).stream()
                .flatMap(Pattern.compile(Pattern.quote(File.pathSeparator))::splitAsStream)
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .toList();
        plugins.stream()
                .filter(path -> !Files.exists(path))
                .forEach(path -> problems.add("CTX_PLUGINS names " + path + ", which does not exist."));
        return new EmbeddingConfig(
                provider,
                settings.text(Key.EMBEDDING_MODEL),
                settings.number(Key.EMBEDDING_DIMENSIONS, 1, Limits.VECTOR_DIMENSIONS_MAX),
                settings.duration(Key.EMBEDDING_DEADLINE, Duration.ofMillis(50), Duration.ofMinutes(1)),
                base,
                key,
                plugins,
                environment);
    }

    private static AccountsConfig accounts(Settings settings, Tier signup, List<String> problems) {
        var limits = settings.text(Key.TIERS)
                .map(text -> TierTable.parse(text, problems))
                .orElseGet(Tiers::defaults);
        return new AccountsConfig(
                settings.choice(Key.SIGNUP, SignupRule.class),
                new Tiers(limits, signup),
                settings.text(Key.API_KEY_SALT),
                settings.text(Key.API_KEY_SALT_PREVIOUS));
    }

    private static RedisConfig redis(Settings settings, List<String> problems) {
        Optional<String> url = settings.text(Key.REDIS_URL);
        if (url.isPresent() && !url.get().matches("rediss?://[^\\s/?#]+(/\\d*)?(\\?.*)?")) {
            problems.add("REDIS_URL must be like redis://host:6379.");
            return new RedisConfig(Optional.empty());
        }
        return new RedisConfig(url);
    }

    private static List<String> lines(Path file, List<String> problems) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            problems.add(".env cannot be read: " + e.getMessage());
            return List.of();
        }
    }
}
