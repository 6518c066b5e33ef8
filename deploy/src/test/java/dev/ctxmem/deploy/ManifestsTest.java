package dev.ctxmem.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `deploy/kubernetes`.
class ManifestsTest {
    static final Path DIRECTORY = Path.of("kubernetes");

    @Test
    void everyManifest_isOfTheApi() throws IOException {
        Manifests all = read(".yaml", ".yaml.example");
        assertEquals(List.of(), all.problems());
        assertEquals(
                Set.of(
                        "Deployment",
                        "HorizontalPodAutoscaler",
                        "NetworkPolicy",
                        "PodDisruptionBudget",
                        "Secret",
                        "Service"),
                all.kinds());
    }

    /// `kubectl apply -f deploy/kubernetes/` must not overwrite a secret by its template.
    @Test
    void theTemplateOfTheSecret_isNotApplied() throws IOException {
        assertFalse(read(".yaml").kinds().contains("Secret"));
    }

    @Test
    void theServer_runsWithoutPrivileges() throws IOException {
        requireUnprivileged(read(".yaml"));
    }

    static void requireUnprivileged(Manifests manifests) {
        JsonObject pod = Manifests.path(manifests.first("Deployment"), "spec", "template", "spec");
        assertTrue(pod.getAsJsonObject("securityContext").get("runAsNonRoot").getAsBoolean());
        assertFalse(pod.get("automountServiceAccountToken").getAsBoolean());
        JsonObject container = manifests.container("Deployment").getAsJsonObject("securityContext");
        assertTrue(container.get("readOnlyRootFilesystem").getAsBoolean());
        assertFalse(container.get("allowPrivilegeEscalation").getAsBoolean());
        assertEquals(
                "[\"ALL\"]",
                Manifests.path(container, "capabilities").get("drop").toString());
    }

    /// The models are worth their weight only if they refuse.
    @Test
    void aWrongManifest_isNoticed() {
        assertEquals(1, problems("""
                apiVersion: v1
                kind: Service
                spec:
                  prots: []
                """));
        assertEquals(1, problems("""
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  selector: {}
                  template:
                    spec:
                      containers:
                        - image: name-is-missing
                """));
        assertEquals(1, problems("""
                apiVersion: v1
                kind: Pord
                """));
    }

    private static int problems(String yaml) {
        return Manifests.parse(yaml).problems().size();
    }

    private static Manifests read(String... endings) throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            String all = files.filter(file -> List.of(endings).stream().anyMatch(file.toString()::endsWith))
                    .sorted()
                    .map(ManifestsTest::text)
                    .collect(Collectors.joining("\n---\n"));
            return Manifests.parse(all);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
