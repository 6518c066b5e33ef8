package dev.ctxmem.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.SignupRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
    @TempDir
    Path directory;

    @Test
    void everyKeyAndItsDefaultIsPinned() {
        String keys = Arrays.stream(Key.values())
                .map(key -> key + key.defaultText().map(text -> "=" + text).orElse(""))
                .collect(Collectors.joining(" "));
        assertEquals(
                "PORT=3000 HOST=127.0.0.1 CTX_DATA_DIR CTX_ALLOW_NETWORK_STORAGE=false DATABASE_URL"
                        + " DATABASE_MIGRATION_URL DATABASE_REPLICA_URL DATABASE_POOL_SIZE=10 CTX_ALLOW_UNSAFE_DATABASE=false API_KEY_SALT"
                        + " API_KEY_SALT_PREVIOUS SIGNUP=first TIERS REDIS_URL EMBEDDING_PROVIDER EMBEDDING_MODEL"
                        + " EMBEDDING_DIMENSIONS EMBEDDING_DEADLINE=2s OPENAI_API_KEY"
                        + " OPENAI_BASE_URL=https://api.openai.com/v1 CTX_PLUGINS STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET STRIPE_PRICES"
                        + " STRIPE_SUCCESS_URL STRIPE_CANCEL_URL STRIPE_API_BASE=https://api.stripe.com"
                        + " ALLOWED_HOSTS ALLOWED_ORIGINS"
                        + " TRUSTED_PROXIES METRICS_PORT METRICS_TOKEN SHUTDOWN_DELAY=0s"
                        + " OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_HEADERS OTEL_SERVICE_NAME=context-memory"
                        + " OTEL_TRACES_SAMPLER_ARG=1 LOG_FORMAT=auto LOG_LEVEL=info ACCESS_LOG=errors"
                        + " CTX_HEAP CTX_API_KEY CTX_API_URL CTX_BENCH_DATA",
                keys);
    }

    @Test
    void withNothingSet_theServerIsLocalAndNeedsNoKey() {
        Config config = read(Map.of(), Map.of("HOME", "/home/ann"));
        assertEquals("127.0.0.1", config.http().host());
        assertEquals(3000, config.http().port());
        assertEquals(
                Path.of("/home/ann/.local/share/context-memory"), config.store().dataDirectory());
        assertEquals(EmbeddingConfig.LOCAL, config.embedding().provider());
        assertEquals(Duration.ofSeconds(2), config.embedding().deadline());
        assertEquals(SignupRule.FIRST, config.accounts().signup());
        assertEquals(Tier.TEAM, config.accounts().tiers().signup());
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Files.writeString(directory.resolve(".env"), """
                # comment
                PORT=1111
                export HOST="0.0.0.0"   # all
                SIGNUP=open # anybody
                OPENAI_API_KEY=
                """);
        Config config = read(Map.of("--port", "3333"), Map.of("PORT", "2222", "SIGNUP", "closed"));
        assertEquals(3333, config.http().port());
        assertEquals("0.0.0.0", config.http().host());
        assertEquals(SignupRule.CLOSED, config.accounts().signup());
        assertEquals(EmbeddingConfig.LOCAL, config.embedding().provider());
    }

    @Test
    void anOpenAiKeyAloneChoosesOpenAi() {
        Config config = read(Map.of(), Map.of("OPENAI_API_KEY", "sk-secret-secret"));
        assertEquals(EmbeddingConfig.OPENAI, config.embedding().provider());
        assertEquals(Optional.of("sk-secret-secret"), config.embedding().openAiKey());
        assertFalse(config.toString().contains("sk-secret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT|65536|PORT must be a number from 0 to 65535",
                "PORT|x|PORT must be a number",
                "SIGNUP|maybe|SIGNUP must be one of first, open, closed",
                "EMBEDDING_DEADLINE|5|EMBEDDING_DEADLINE must be a time",
                "EMBEDDING_DEADLINE|2h|EMBEDDING_DEADLINE must be a time",
                "EMBEDING_MODEL|x|",
                "EMBEDDING_MODAL|x|did you mean EMBEDDING_MODEL?",
                "CTX_DATADIR|x|did you mean CTX_DATA_DIR?",
                "OPENAI_BASE_URL|localhost|OPENAI_BASE_URL must be an http or https URL",
                "CTX_PLUGINS|/no/such.jar|does not exist",
                "STRIPE_SECRET_KEY|sk_test|STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are needed together",
                "TIERS|{\"gold\":{}}|TIERS is not",
                "DATABASE_URL|mysql://db/x|DATABASE_URL must look like postgresql://",
                "OTEL_EXPORTER_OTLP_ENDPOINT|localhost:4318|OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL",
                "OTEL_EXPORTER_OTLP_HEADERS|key|OTEL_EXPORTER_OTLP_HEADERS must be like",
                "OTEL_TRACES_SAMPLER_ARG|2|OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1",
                "API_KEY_SALT_FILE|/no/such.file|API_KEY_SALT_FILE names /no/such.file, which cannot be read.",
                "DATABASE_POOL_SIZE|0|DATABASE_POOL_SIZE must be a number",
            })
    void aWrongValueIsToldWithItsName(String name, String value, String problem) {
        if (problem == null) {
            read(Map.of(), Map.of(name, value));
        } else {
            List<String> told = assertThrows(ConfigException.class, () -> read(Map.of(), Map.of(name, value)))
                    .problems();
            assertTrue(told.toString().contains(problem), told.toString());
        }
    }

    @Test
    void aSecretMayStandInAFile() throws IOException {
        Path salt = Files.writeString(directory.resolve("salt"), "a salt of a file\n");
        Path none = Files.writeString(directory.resolve("none"), "\n");
        var environment = Map.of("API_KEY_SALT_FILE", salt.toString(), "OPENAI_API_KEY_FILE", none.toString());
        Config config = read(Map.of(), environment);
        assertEquals(Optional.of("a salt of a file"), config.accounts().salt());
        assertEquals(EmbeddingConfig.LOCAL, config.embedding().provider());
        var twice = Map.of("API_KEY_SALT_FILE", salt.toString(), "API_KEY_SALT", "another");
        assertEquals(
                List.of("Set API_KEY_SALT or API_KEY_SALT_FILE, not both."),
                assertThrows(ConfigException.class, () -> read(Map.of(), twice)).problems());
    }

    @Test
    void allProblemsAreToldAtOnce() {
        List<String> problems = assertThrows(
                        ConfigException.class, () -> read(Map.of("--prot", "1"), Map.of("PORT", "x", "SIGNUP", "y")))
                .problems();
        assertEquals(3, problems.size(), problems.toString());
    }

    @Test
    void tiersKeepTheirDefaultsWhereNothingIsSaid() {
        Config config = read(Map.of(), Map.of("TIERS", "{\"free\":{\"entries\":7}}"));
        var free = config.accounts().tiers().of(Tier.FREE);
        assertEquals(7, free.entries());
        assertEquals(1, free.namespaces());
        assertEquals(10_000, config.accounts().tiers().of(Tier.TEAM).requestsPerMinute());
    }

    private Config read(Map<String, String> flags, Map<String, String> environment) {
        return Config.read(flags, environment, directory);
    }
}
