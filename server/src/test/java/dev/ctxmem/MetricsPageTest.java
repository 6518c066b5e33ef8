package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.Server;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.store.postgres.TestDatabase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/metrics.md` says what a server exports.
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    /// Name, type, unit, labels, meaning.
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| [^|\n]+ \\|([^|\n]*)\\| (.+) \\|$");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\w+) (.+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern OURS = Pattern.compile("^(ctx|http)_");

    /// Others have no such phases.
    private static final String OF_SOME_COLLECTORS = "jvm_gc_concurrent_phase_time_seconds";

    @Test
    void thePage_isWhatAnEmbeddedStoreExports(@TempDir Path home) throws Exception {
        requireEqual(withoutSection(Files.readString(PAGE), "PostgreSQL"), exportedBy(new Installation(home)));
    }

    @Test
    void thePage_isWhatAServerOnPostgresExports(@TempDir Path home) throws Exception {
        try (var database = TestDatabase.create()) {
            requireEqual(
                    withoutSection(Files.readString(PAGE), "The embedded store"),
                    exportedBy(new Installation(home)
                            .with("DATABASE_URL", database.url())
                            .with("CTX_ALLOW_UNSAFE_DATABASE", "true")));
        }
    }

    @Test
    void countersCount(@TempDir Path home) throws Exception {
        String exported = exportedBy(new Installation(home));
        for (String some : List.of(
                "ctx_tier_requests_total{status=\"201\",tier=\"team\"} 1.0\n",
                "ctx_embedder_cache_misses_total 1.0\n",
                "ctx_embedder_cache_hits_total 1.0\n")) {
            assertTrue(exported.contains(some), () -> some + exported);
        }
        for (String none : List.of("ctx_store_writes_total 0.0\n", "ctx_embedder_question_seconds_total 0.0\n")) {
            assertFalse(exported.contains(none), none);
        }
    }

    private static void requireEqual(String page, String exported) {
        assertEquals(String.join("\n", rowsOf(exported)), String.join("\n", rowsOnPage(page)));
        Map<String, String> meanings = meanings(page);
        HELP.matcher(exported)
                .results()
                .filter(help -> OURS.matcher(help.group(1)).find())
                .forEach(help -> {
                    String meaning = meanings.getOrDefault(help.group(1), "");
                    assertTrue(meaning.startsWith(help.group(2)), help::group);
                });
    }

    private static String withoutSection(String page, String title) {
        int start = page.indexOf("### " + title + "\n");
        assertTrue(start >= 0, title);
        return page.substring(0, start) + page.substring(page.indexOf("### ", start + 1));
    }

    /// By a server with an embedder that has been used.
    private static String exportedBy(Installation installation) throws Exception {
        try (var provider = new FakeProvider(Integer.MAX_VALUE);
                App app = installation
                        .with("EMBEDDING_PROVIDER", "openai")
                        .with("OPENAI_BASE_URL", provider.url())
                        .with("EMBEDDING_MODEL", FakeProvider.MODEL)
                        .with("EMBEDDING_DEADLINE", "10s")
                        .serve();
                HttpMemories memories = Installation.memories(app, key(app))) {
            memories.createNamespace(new NewNamespace("ns", "", null));
            memories.search(SearchQuery.of("what was said"));
            memories.search(SearchQuery.of("what was said"));
            // A request is counted behind its answer, and before the next one of its connection.
            memories.namespaces();
            return scrape(app);
        }
    }

    private static String key(App app) {
        return app.localKey().orElseGet(() -> {
            try (var server = new Server(Endpoint.at(app.localUrl().toString()))) {
                return server.signup(new NewAccount("who@example.com", null)).apiKey();
            }
        });
    }

    /// With a pause of the garbage collector, which is exported once there has been one.
    private static String scrape(App app) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(app.localUrl().resolve("/metrics")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                System.gc();
                String text = client.send(request, BodyHandlers.ofString()).body();
                if (text.contains("# TYPE jvm_gc_pause_seconds ")) {
                    return text;
                }
            }
        }
    }

    /// Name, type and labels of each metric, without `le`, which every histogram has.
    private static Set<String> rowsOf(String exported) {
        var rows = new TreeSet<String>();
        TYPE.matcher(exported).results().forEach(type -> {
            var labels = new TreeSet<String>();
            Pattern.compile("(?m)^" + type.group(1) + "(?:_bucket|_count|_sum)?\\{(.+)} ")
                    .matcher(exported)
                    .results()
                    .forEach(sample -> names(LABEL, sample.group(1)).forEach(labels::add));
            labels.remove("le");
            rows.add(row(type.group(1), type.group(2), labels));
        });
        rows.removeIf(row -> row.startsWith(OF_SOME_COLLECTORS));
        return rows;
    }

    private static Set<String> rowsOnPage(String page) {
        var rows = new TreeSet<String>();
        ROW.matcher(page)
                .results()
                .forEach(found -> rows.add(row(
                        found.group(1),
                        found.group(2),
                        new TreeSet<>(names(QUOTED, found.group(3)).toList()))));
        rows.removeIf(row -> row.startsWith(OF_SOME_COLLECTORS));
        return rows;
    }

    private static Map<String, String> meanings(String page) {
        return ROW.matcher(page).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(4)));
    }

    private static String row(String name, String type, Set<String> labels) {
        return name + " " + type + " " + labels;
    }

    private static Stream<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1));
    }
}
