package dev.ctxmem.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `deploy/helm/context-memory`, by Helm itself.
class ChartTest {
    private static final Path CHART = Path.of("helm", "context-memory");
    private static final String KUBERNETES = "1.33.0";
    private static final Path VALUES = Path.of("src", "test", "resources");

    private static FakeCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = new FakeCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void empty() {
        cluster.clear();
    }

    @Test
    void theChart_passesTheStrictLint() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "production", "existing-secret"})
    void whatItRenders_isOfTheApi_andUnprivileged(String values) {
        Manifests rendered = render(values);
        assertEquals(List.of(), rendered.problems());
        ManifestsTest.requireUnprivileged(rendered);
    }

    @Test
    void small_bringsItsOwnDatabase() {
        Manifests rendered = render("small");
        assertEquals(
                Set.of("Deployment", "NetworkPolicy", "PodDisruptionBudget", "Secret", "Service", "StatefulSet"),
                rendered.kinds());
        JsonObject secret = Manifests.path(rendered.first("Secret"), "stringData");
        String password = secret.get("postgresql-password").getAsString();
        assertEquals(40, password.length());
        assertEquals(
                "postgresql://context:" + password + "@ctx-context-memory-postgresql:5432/context",
                secret.get("database-url").getAsString());
        assertEquals(40, secret.get("api-key-salt").getAsString().length());
    }

    @Test
    void whatWasMadeAtRandom_isKeptThroughUpgrades() {
        cluster.put("ctx-context-memory", Map.of("api-key-salt", "salt-of-before", "postgresql-password", "old"));
        JsonObject secret = Manifests.path(render("small").first("Secret"), "stringData");
        assertEquals("salt-of-before", secret.get("api-key-salt").getAsString());
        assertEquals("old", secret.get("postgresql-password").getAsString());
        assertEquals(40, secret.get("metrics-token").getAsString().length());
    }

    @Test
    void production_hasItAll() {
        Manifests rendered = render("production");
        assertEquals(
                Set.of(
                        "Deployment",
                        "HorizontalPodAutoscaler",
                        "Ingress",
                        "NetworkPolicy",
                        "PodDisruptionBudget",
                        "Secret",
                        "Service",
                        "ServiceMonitor"),
                rendered.kinds());
        assertFalse(Manifests.path(rendered.first("Deployment"), "spec").has("replicas"), "the autoscaler decides");
        String environment = rendered.container("Deployment").get("env").toString();
        assertTrue(environment.contains("{\"name\":\"STRIPE_PRICES\",\"value\":\"price_1=pro,price_2=team\"}"));
        assertTrue(environment.contains("{\"name\":\"LOG_LEVEL\",\"value\":\"warning\"}"));
        assertEquals(
                "postgresql://context:secret@pgbouncer.example.com:6432/context",
                Manifests.path(rendered.first("Secret"), "stringData")
                        .get("database-url")
                        .getAsString());
    }

    @Test
    void anExistingSecret_isUsed_andNoneIsMade() {
        Manifests rendered = render("existing-secret");
        assertFalse(rendered.kinds().contains("Secret"));
        assertTrue(rendered.container("Deployment").get("env").toString().contains("\"name\":\"my-secret\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas|two|replicas",
                "signup|maybe|signup",
                "replica|3|replica",
                "database.url|mysql://host/db|url",
                "service.port|0|port",
                "image.pullPolicy|Sometimes|pullPolicy",
            })
    void aWrongValue_isRefusedByItsName(String name, String value, String told) {
        TemplateCommand command = small();
        String message = String.valueOf(assertThrows(IllegalStateException.class, command.set(name, value)::call)
                .getMessage());
        assertTrue(message.contains("values don't meet the specifications of the schema"), message);
        assertTrue(message.contains(told), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql.enabled|false|in exactly one way",
                "existingSecret|mine|in exactly one way",
                "stripe.secretKey|sk_1|needed together",
            })
    void whatCannotWorkTogether_isRefused(String name, String value, String told) {
        TemplateCommand command = small();
        String message = String.valueOf(assertThrows(IllegalStateException.class, command.set(name, value)::call)
                .getMessage());
        assertTrue(message.contains(told), message);
    }

    /// The chart and the plain manifests say the same about the container.
    @Test
    void theChart_startsTheServerAsTheManifestsDo() throws IOException {
        JsonObject plain = Manifests.parse(Files.readString(ManifestsTest.DIRECTORY.resolve("deployment.yaml")))
                .container("Deployment");
        JsonObject charted = render("existing-secret").container("Deployment");
        var same = new TreeSet<>(plain.keySet());
        same.removeAll(Set.of("image", "env"));
        same.forEach(name -> assertEquals(plain.get(name), charted.get(name), name));
    }

    private static TemplateCommand small() {
        return new Helm(CHART)
                .template()
                .withKubeVersion(KUBERNETES)
                .withNamespace("default")
                .withName("ctx")
                .withValuesFile(VALUES.resolve("small.yaml"));
    }

    private static Manifests render(String values) {
        return Manifests.parse(new Helm(CHART)
                .template()
                .withKubeVersion(KUBERNETES)
                .withNamespace("default")
                .withName("ctx")
                .withValuesFile(VALUES.resolve(values + ".yaml"))
                .call());
    }
}
