package dev.ctxmem.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Documents of YAML as objects of the Kubernetes API.
record Manifests(List<JsonObject> all) {
    private static final Map<String, Model> MODELS = Map.of(
            "apps/v1 Deployment", V1Deployment::validateJsonElement,
            "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "v1 Secret", V1Secret::validateJsonElement,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement,
            "monitoring.coreos.com/v1 ServiceMonitor", Manifests::validateServiceMonitor);

    static Manifests parse(String yaml) {
        var all = new ArrayList<JsonObject>();
        // Duplicate keys are mistakes, not the last one's win.
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
            if (document != null) {
                all.add(new Gson().toJsonTree(document).getAsJsonObject());
            }
        }
        return new Manifests(List.copyOf(all));
    }

    /// What the models of the API find wrong, one text each.
    List<String> problems() {
        var problems = new ArrayList<String>();
        for (JsonObject manifest : all) {
            String type = type(manifest);
            Model model = MODELS.get(type);
            if (model == null) {
                problems.add("no model for " + type);
                continue;
            }
            try {
                model.validate(manifest);
            } catch (IOException | RuntimeException e) {
                problems.add(type + ": " + e.getMessage());
            }
        }
        return problems;
    }

    /// The kinds, each once, in alphabetical order.
    Set<String> kinds() {
        var kinds = new TreeSet<String>();
        all.forEach(manifest -> kinds.add(manifest.get("kind").getAsString()));
        return kinds;
    }

    JsonObject first(String kind) {
        return all.stream()
                .filter(manifest -> manifest.get("kind").getAsString().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind));
    }

    /// The container of the first object of a kind.
    JsonObject container(String kind) {
        return path(first(kind), "spec", "template", "spec")
                .getAsJsonArray("containers")
                .get(0)
                .getAsJsonObject();
    }

    static JsonObject path(JsonObject from, String... names) {
        JsonObject at = from;
        for (String name : names) {
            at = at.getAsJsonObject(name);
        }
        return at;
    }

    private static String type(JsonObject manifest) {
        return manifest.get("apiVersion").getAsString() + " "
                + manifest.get("kind").getAsString();
    }

    /// A custom resource, without a model: its members as the Prometheus operator documents them.
    private static void validateServiceMonitor(JsonElement element) {
        JsonObject spec = element.getAsJsonObject().getAsJsonObject("spec");
        requireMembers(spec, Set.of("selector", "endpoints"));
        spec.getAsJsonArray("endpoints")
                .forEach(endpoint -> requireMembers(
                        endpoint.getAsJsonObject(), Set.of("port", "path", "interval", "authorization")));
    }

    private static void requireMembers(JsonObject object, Set<String> names) {
        if (!object.keySet().equals(names)) {
            throw new IllegalArgumentException("has " + object.keySet() + ", not " + names);
        }
    }

    private interface Model {
        void validate(JsonElement manifest) throws IOException;
    }
}
