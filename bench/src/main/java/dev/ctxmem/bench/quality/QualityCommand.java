package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.Crew;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import dev.ctxmem.client.Server;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench quality`: how well a running server finds, over its HTTP API; with any store and any embeddings.
@Command(
        name = "quality",
        description = {
            "Measure how well a running server finds: LoCoMo turns and sessions, SciFact, LongMemEval_S.",
            "Without --url it is the server that this user runs on this machine; without --key an account is made."
        },
        mixinStandardHelpOptions = true)
public final class QualityCommand implements Runnable {
    private static final int RETRIES = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    private final Map<String, String> environment;
    private final PrintStream out;

    @Option(names = "--url", paramLabel = "URL", description = "For example http://localhost:3000.")
    private @Nullable String url;

    @Option(names = "--key", paramLabel = "KEY", description = "An API key to the server.")
    private @Nullable String key;

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            defaultValue = "${env:CTX_BENCH_DATA}",
            description = "Has locomo/ and scifact/; default: CTX_BENCH_DATA.")
    private Path data = Path.of("");

    @Option(
            names = "--longmemeval",
            paramLabel = "FILE",
            description = "A longmemeval_s.json of your own; else that set is left out.")
    private @Nullable Path longMemEval;

    @Option(
            names = "--sets",
            paramLabel = "SET",
            split = ",",
            description = "Of locomo-turns, locomo-sessions, scifact; default: all.")
    private List<String> sets = List.of("locomo-turns", "locomo-sessions", "scifact");

    @Option(names = "--clients", paramLabel = "N", description = "Calls at once; default: ${DEFAULT-VALUE}.")
    private int clients = 8;

    @Option(names = "--keep", description = "Leave the entries there.")
    private boolean keep;

    @Option(names = "--json", paramLabel = "FILE", description = "Where the figures go as JSON.")
    private @Nullable Path json;

    /// `environment` tells where the local server's file is.
    public QualityCommand(Map<String, String> environment, PrintStream out) {
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    @Override
    public void run() {
        var figures = new ArrayList<Figure>();
        try (HttpMemories memories = connect()) {
            for (TestSet set : testSets()) {
                var trial = new Trial(memories, set, new Crew(clients));
                List<Figure> found = trial.run();
                found.forEach(figure -> out.println(figure.line()));
                out.flush();
                figures.addAll(found);
                if (!keep) {
                    trial.clear();
                }
            }
        }
        if (json != null) {
            write(json, figures);
        }
    }

    private List<TestSet> testSets() {
        var chosen = new ArrayList<TestSet>();
        for (String set : sets) {
            chosen.add(
                    switch (set) {
                        case "locomo-turns" -> new Locomo(data).turns();
                        case "locomo-sessions" -> new Locomo(data).sessions();
                        case "scifact" -> new SciFact(data).test();
                        default -> throw new IllegalArgumentException("There is no test set '" + set + "'.");
                    });
        }
        if (longMemEval != null) {
            chosen.add(new LongMemEval(longMemEval).questions());
        }
        return chosen;
    }

    private HttpMemories connect() {
        Optional<LocalServer> local = LocalServerFile.in(environment).flatMap(LocalServerFile::read);
        if (url == null) {
            LocalServer server = local.orElseThrow(
                    () -> new IllegalArgumentException("No server runs on this machine; start one, or give --url."));
            return new HttpMemories(endpoint(server.url().toString()), localKey(server));
        }
        return new HttpMemories(endpoint(url), key == null ? signUp(url) : key);
    }

    /// A server that shares its store has none for the user.
    private static String localKey(LocalServer server) {
        if (server.apiKey() == null) {
            throw new IllegalArgumentException("The server on this machine tells no key; give --url.");
        }
        return server.apiKey();
    }

    private static String signUp(String url) {
        try (var server = new Server(endpoint(url))) {
            String address = "bench-" + UUID.randomUUID() + "@example.com";
            return server.signup(new NewAccount(address, "Benchmark")).apiKey();
        }
    }

    private static Endpoint endpoint(String url) {
        return Endpoint.at(url).withTimeouts(CONNECT_TIMEOUT, ANSWER_TIMEOUT).withRetries(RETRIES);
    }

    private static void write(Path file, List<Figure> figures) {
        var text = new JsonWriter().beginObject().name("figures").beginArray();
        figures.forEach(figure -> figure.writeTo(text));
        try {
            Files.write(file, text.endArray().endObject().toUtf8());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
