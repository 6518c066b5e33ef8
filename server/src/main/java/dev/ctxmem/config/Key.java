package dev.ctxmem.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every name that configuration knows: an environment variable, a line of `.env`, or a flag of `ctx serve`
/// (`PORT` is `--port`, `CTX_DATA_DIR` is `--data-dir`). A null default means unset.
public enum Key {
    PORT("3000", "Port to listen on, 0 to 65,535; 0 picks a free one."),
    HOST("127.0.0.1", "Address to listen on; 0.0.0.0 for all."),
    CTX_DATA_DIR(
            null, "Directory of the embedded store; by default context-memory in $XDG_DATA_HOME (~/.local/share)."),
    CTX_ALLOW_NETWORK_STORAGE(
            "false", "Accept a data directory on a network or overlay file system, where locks and fsync may lie."),
    DATABASE_URL(
            null,
            "PostgreSQL instead of the embedded store: postgresql://user:password@host:5432/database, or a JDBC URL."),
    DATABASE_MIGRATION_URL(
            null, "Where changes of the schema go: past a pooler, or as the owner of the tables; unset: DATABASE_URL."),
    DATABASE_REPLICA_URL(
            null,
            "Hot standby of DATABASE_URL that answers reads which may be late: consistency=eventual, min_revision."),
    DATABASE_POOL_SIZE("10", "Connections to PostgreSQL at most, 1 to 200; as many to the standby."),
    CTX_ALLOW_UNSAFE_DATABASE(
            "false",
            "Accept a database that may lose acknowledged writes (fsync or synchronous_commit off); for tests."),
    API_KEY_SALT(null, "Secret under which API keys are hashed, 32 characters or more; generated when unset."),
    API_KEY_SALT_PREVIOUS(null, "The former API_KEY_SALT while keys move to a new one."),
    SIGNUP("first", "Who may sign up: first (the first account of an empty server), open, closed."),
    TIERS(
            null,
            "Limits of the tiers as JSON: {\"free\":{\"namespaces\":1,\"entries\":1000,\"requests_per_month\":10000,"
                    + "\"requests_per_minute\":100}, …}; -1 is unlimited. Tiers left out keep their defaults."),
    REDIS_URL(null, "Redis that counts rate limits over several instances: redis://[user:password@]host[:port][/db]."),
    EMBEDDING_PROVIDER(
            null, "local, openai, none, or a class on CTX_PLUGINS; unset: openai with OPENAI_API_KEY, else local."),
    EMBEDDING_MODEL(
            null, "local: bge-small-en-v1.5 (default), all-MiniLM-L6-v2, e5-small-v2; openai: text-embedding-3-small."),
    EMBEDDING_DIMENSIONS(
            null, "Dimension of the vectors, 1 to 2,000, where the provider lets one choose or does not tell."),
    EMBEDDING_DEADLINE(
            "2s", "How long a write or a search waits for its vector, 50ms to 60s; a late one follows by itself."),
    OPENAI_API_KEY(null, "Key of the OpenAI-compatible embedding service."),
    OPENAI_BASE_URL(
            "https://api.openai.com/v1",
            "Base URL of the OpenAI-compatible embedding service (Ollama, TEI, vLLM, LM Studio, LiteLLM)."),
    CTX_PLUGINS(null, "Jar files with Embedder classes, separated by the platform's path separator."),
    STRIPE_SECRET_KEY(null, "Stripe's secret key; with STRIPE_WEBHOOK_SECRET, accounts pay for their tier."),
    STRIPE_WEBHOOK_SECRET(null, "Secret that signs Stripe's events to /webhooks/stripe."),
    STRIPE_PRICES(null, "What is for sale: Stripe's price ids with tiers, as price_123=pro,price_456=team."),
    STRIPE_SUCCESS_URL(null, "Page that a customer comes back to who has paid."),
    STRIPE_CANCEL_URL(null, "Page that a customer comes back to who has not, or who leaves the billing portal."),
    STRIPE_API_BASE("https://api.stripe.com", "Base URL of Stripe's API."),
    ALLOWED_HOSTS(null, "Host names that requests may address, comma-separated; loopback names are always allowed."),
    ALLOWED_ORIGINS(null, "Origins of web pages that may call the API (CORS), comma-separated; none by default."),
    TRUSTED_PROXIES(null, "Addresses or CIDR ranges whose X-Forwarded-For is believed, comma-separated."),
    METRICS_PORT(null, "Port of a second, loopback listener for /metrics; unset: the main port, for loopback callers."),
    METRICS_TOKEN(null, "Bearer token that lets others than loopback callers read /metrics."),
    SHUTDOWN_DELAY("0s", "How long /readyz says no before the listener closes, so that a balancer notices; 0s to 60s."),
    OTEL_EXPORTER_OTLP_ENDPOINT(
            null, "Collector that gets traces by OTLP over HTTP, for example http://localhost:4318; unset: no traces."),
    OTEL_EXPORTER_OTLP_HEADERS(null, "Headers for the collector: name=value,name=value, values percent-encoded."),
    OTEL_SERVICE_NAME("context-memory", "Name of the service in traces."),
    OTEL_TRACES_SAMPLER_ARG(
            "1", "Share of requests that are traced, 0 to 1, where a caller's traceparent says nothing."),
    LOG_FORMAT("auto", "json, text, or auto: text on a terminal, else json."),
    LOG_LEVEL("info", "debug, info, warning or error."),
    ACCESS_LOG("errors", "Which requests are logged: all, errors (status 400 and above), none."),
    CTX_HEAP(null, "Largest heap of the server as the launcher gives it to Java, for example 192m."),
    CTX_API_KEY(null, "Key that the command line uses."),
    CTX_API_URL(null, "Server that the command line talks to."),
    CTX_BENCH_DATA(null, "Directory with the data sets of `bench quality`.");

    private final @Nullable String defaultText;
    private final String meaning;

    Key(@Nullable String defaultText, String meaning) {
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    /// One or two sentences: what it sets, its unit and range.
    public String meaning() {
        return meaning;
    }

    /// The flag of `ctx serve`: `--data-dir` for CTX_DATA_DIR.
    public String flag() {
        String name = name().startsWith("CTX_") ? name().substring(4) : name();
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Key> named(String name) {
        return Arrays.stream(values()).filter(key -> key.name().equals(name)).findFirst();
    }

    /// The known name with the fewest differing characters.
    static String nearest(String name) {
        return Arrays.stream(values())
                .map(Key::name)
                .min((a, b) -> Integer.compare(distance(a, name), distance(b, name)))
                .orElseThrow();
    }

    /// Names that are ours alone: an unknown one is a mistake worth stopping for.
    static final List<String> OWN_PREFIXES = List.of("CTX_", "EMBEDDING_");

    /// Levenshtein distance.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
