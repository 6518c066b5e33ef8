package dev.ctxmem.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// What the compose files say that no engine has to be asked for; `deploy/docker/walk` runs them.
class ComposeTest {
    private static final Path ROOT = Path.of("..");
    private static final JsonObject PRODUCTION = load("docker-compose.prod.yml");

    private static JsonObject load(String file) {
        try {
            Object loaded =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(ROOT.resolve(file)));
            return new Gson().toJsonTree(loaded).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }

    private static Map<String, JsonElement> services() {
        return PRODUCTION.getAsJsonObject("services").asMap();
    }

    private static Set<String> servicesWith(String member) {
        return services().entrySet().stream()
                .filter(service -> service.getValue().getAsJsonObject().has(member))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void inProduction_onlyTheProxyIsPublished() {
        assertEquals(Set.of("proxy"), servicesWith("ports"));
        assertTrue(
                Manifests.path(PRODUCTION, "networks", "back").get("internal").getAsBoolean());
    }

    @Test
    void inProduction_everyServiceHasALimitOfMemory() {
        services()
                .forEach((name, service) -> assertTrue(
                        Manifests.path(service.getAsJsonObject(), "deploy", "resources", "limits")
                                .has("memory"),
                        name));
    }

    @Test
    void inProduction_whatIsNotTheDatabase_hasNoPrivilegesAndAReadOnlyRoot() {
        services().forEach((name, service) -> {
            if (!name.equals("db")) {
                JsonObject members = service.getAsJsonObject();
                assertTrue(members.get("read_only").getAsBoolean(), name);
                assertEquals("[\"ALL\"]", members.get("cap_drop").toString(), name);
                assertEquals(
                        "[\"no-new-privileges:true\"]",
                        members.get("security_opt").toString(),
                        name);
            }
        });
    }

    @Test
    void inProduction_noSecretIsInTheEnvironment_andEveryFileIsMade() throws IOException {
        JsonObject environment = services().get("api-1").getAsJsonObject().getAsJsonObject("environment");
        environment.asMap().forEach((name, value) -> {
            if (value.getAsString().startsWith("/run/secrets/")) {
                assertTrue(name.endsWith("_FILE"), name);
            } else {
                assertFalse(name.matches(".*(SECRET|KEY|SALT|TOKEN|DATABASE).*"), name);
            }
        });
        String script = Files.readString(Path.of("production", "make-secrets"));
        for (String secret : PRODUCTION.getAsJsonObject("secrets").keySet()) {
            assertTrue(script.contains(secret), secret);
        }
    }

    /// The server refuses some unknown names and ignores others.
    @Test
    void everyNameInTheEnvironment_isOneOfTheServer() throws IOException {
        String page = Files.readString(ROOT.resolve("docs").resolve("configuration.md"));
        var unknown = new TreeSet<String>();
        for (JsonObject file : List.of(PRODUCTION, load("docker-compose.yml"))) {
            file.getAsJsonObject("services").asMap().forEach((service, members) -> {
                if (service.startsWith("api")) {
                    members.getAsJsonObject().getAsJsonObject("environment").keySet().stream()
                            .map(name -> name.replaceFirst("_FILE$", ""))
                            .filter(name -> !page.contains("| `" + name + "` |"))
                            .forEach(unknown::add);
                }
            });
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void inProduction_theProxyKnowsEveryInstance() throws IOException {
        String proxy = Files.readString(Path.of("production", "Caddyfile"));
        String hosts = services()
                .get("api-1")
                .getAsJsonObject()
                .getAsJsonObject("environment")
                .get("ALLOWED_HOSTS")
                .getAsString();
        List<String> instances = services().keySet().stream()
                .filter(name -> name.startsWith("api"))
                .toList();
        assertEquals(2, instances.size());
        for (String instance : instances) {
            assertTrue(proxy.contains(instance + ":3000"), instance);
            assertTrue(List.of(hosts.split(",", -1)).contains(instance), instance);
        }
    }
}
