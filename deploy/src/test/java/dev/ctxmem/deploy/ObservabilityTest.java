package dev.ctxmem.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Dashboard and alerts ask for what `docs/metrics.md` lists, which a test of the server holds equal to what is
/// exported.
class ObservabilityTest {
    private static final Path GRAFANA = Path.of("grafana");
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| [^|\n]+ \\|([^|\n]*)\\| .+ \\|$");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");
    /// A name, not of a function, with its matchers.
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z]\\w*_\\w+|up)\\b(?!\\s*\\()(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

    /// Labels that Prometheus gives to all it reads.
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    private static Map<String, Set<String>> documented() {
        var series = new HashMap<String, Set<String>>();
        series.put("up", OF_PROMETHEUS);
        ROW.matcher(read(PAGE)).results().forEach(row -> {
            var labels = new HashSet<>(OF_PROMETHEUS);
            QUOTED.matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
            switch (row.group(2)) {
                case "histogram" -> {
                    var withBounds = new HashSet<>(labels);
                    withBounds.add("le");
                    series.put(row.group(1) + "_bucket", withBounds);
                    series.put(row.group(1) + "_count", labels);
                    series.put(row.group(1) + "_sum", labels);
                }
                case "summary" -> {
                    series.put(row.group(1) + "_count", labels);
                    series.put(row.group(1) + "_sum", labels);
                }
                case "counter", "gauge" -> series.put(row.group(1), labels);
                default -> throw new AssertionError(row.group());
            }
        });
        return series;
    }

    /// What is wrong with the metrics and labels of an expression, one text each.
    private static List<String> problems(String expression) {
        var problems = new ArrayList<String>();
        var known = new HashSet<String>();
        String outsideOfGroupings = GROUPING.matcher(expression).replaceAll("");
        List<MatchResult> selectors =
                SELECTOR.matcher(outsideOfGroupings).results().toList();
        if (selectors.isEmpty()) {
            problems.add("no metric in " + expression);
        }
        for (MatchResult selector : selectors) {
            Set<String> labels = documented().get(selector.group(1));
            if (labels == null) {
                problems.add("unknown metric " + selector.group(1));
                continue;
            }
            known.addAll(labels);
            String matchers = selector.group(2) == null ? "" : selector.group(2);
            MATCHER.matcher(matchers)
                    .results()
                    .map(matcher -> matcher.group(1))
                    .filter(label -> !labels.contains(label))
                    .forEach(label -> problems.add("unknown label " + label + " of " + selector.group(1)));
        }
        GROUPING.matcher(expression)
                .results()
                .flatMap(grouping -> Stream.of(grouping.group(1).split(",\\s*", -1)))
                .filter(label -> !known.contains(label))
                .forEach(label -> problems.add("unknown label " + label));
        return problems;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "rate(http_server_requests_seconds_count{status=\"200\"}[5m]);",
                "sum by (le, route) (rate(http_server_requests_seconds_bucket[5m]));",
                "sum by (le) (rate(http_server_requests_seconds_count[5m])); unknown label le",
                "ctx_store_commits_total > 0; unknown metric ctx_store_commits_total",
                "http_server_requests_seconds; unknown metric http_server_requests_seconds",
                "ctx_index_lag{shard=\"1\"}; unknown label shard of ctx_index_lag",
                "vector(0); no metric in vector(0)",
            })
    void whatNobodyExports_isFound(String expression, String problem) {
        assertEquals(problem == null ? List.of() : List.of(problem), problems(expression));
    }

    @Test
    void theDashboard_asksForWhatIsExported() {
        List<JsonObject> panels = panels();
        var expressions = new ArrayList<String>();
        for (JsonObject panel : panels) {
            if (!panel.get("type").getAsString().equals("row")) {
                panel.getAsJsonArray("targets")
                        .forEach(target -> expressions.add(
                                target.getAsJsonObject().get("expr").getAsString()));
            }
        }
        assertEquals(
                List.of(),
                expressions.stream().flatMap(it -> problems(it).stream()).toList());
        assertEquals(
                List.of("Requests", "Search", "Embedding", "Store", "Tiers", "Process"),
                panels.stream()
                        .filter(panel -> panel.get("type").getAsString().equals("row"))
                        .map(panel -> panel.get("title").getAsString())
                        .toList());
    }

    @Test
    void panels_haveTheirOwnIdAndPlace() {
        var ids = new HashSet<Integer>();
        var taken = new HashSet<String>();
        for (JsonObject panel : panels()) {
            assertTrue(ids.add(panel.get("id").getAsInt()), panel::toString);
            JsonObject place = panel.getAsJsonObject("gridPos");
            int left = place.get("x").getAsInt();
            int right = left + place.get("w").getAsInt();
            assertTrue(right <= 24, panel::toString);
            for (int x = left; x < right; x++) {
                for (int y = 0; y < place.get("h").getAsInt(); y++) {
                    assertTrue(taken.add(x + "," + (place.get("y").getAsInt() + y)), panel::toString);
                }
            }
        }
    }

    @Test
    void alerts_watchWhatIsExported() {
        var names = new HashSet<String>();
        String page = read(PAGE);
        for (JsonObject rule : alerts()) {
            String name = rule.get("alert").getAsString();
            assertTrue(names.add(name), name);
            assertEquals(List.of(), problems(rule.get("expr").getAsString()), name);
            JsonObject annotations = rule.getAsJsonObject("annotations");
            assertEquals(Set.of("summary", "description"), annotations.keySet(), name);
            String severity = Manifests.path(rule, "labels").get("severity").getAsString();
            String row = "| `" + name + "` | " + severity + " | ";
            assertTrue(page.contains(row), row);
        }
        assertFalse(names.isEmpty());
        assertEquals(
                names,
                Pattern.compile("(?m)^\\| `(ContextMemory\\w+)` \\|")
                        .matcher(page)
                        .results()
                        .map(row -> row.group(1))
                        .collect(Collectors.toSet()));
    }

    private static List<JsonObject> panels() {
        return JsonParser.parseString(read(GRAFANA.resolve("dashboard.json")))
                .getAsJsonObject()
                .getAsJsonArray("panels")
                .asList()
                .stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<JsonObject> alerts() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object loaded = new Yaml(new SafeConstructor(options)).load(read(GRAFANA.resolve("alerts.yaml")));
        return new Gson()
                .toJsonTree(loaded).getAsJsonObject().getAsJsonArray("groups").asList().stream()
                        .flatMap(group -> group.getAsJsonObject().getAsJsonArray("rules").asList().stream())
                        .map(JsonElement::getAsJsonObject)
                        .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
