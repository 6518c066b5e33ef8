package dev.ctxmem.bench.load;

import dev.ctxmem.bench.Median;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench load`: requests a second, latencies and peak memory of a running server, alone or by turns with
/// another that speaks the same API.
@Command(
        name = "load",
        description = {
            "Put load on a running server. Without --url it is the server that this user runs on this machine.",
            "Start it with TIERS='{\"team\":{\"requests_per_minute\":100000000}}', or the rate limit ends the run."
        },
        mixinStandardHelpOptions = true)
public final class LoadCommand implements Runnable {
    private static final long BYTES_PER_KIBIBYTE = 1024;
    private static final long BYTES_PER_MEGABYTE = 1_000_000;

    private final Map<String, String> environment;
    private final PrintStream out;

    @Option(names = "--url", paramLabel = "URL", description = "For example http://127.0.0.1:3000.")
    private @Nullable String url;

    @Option(names = "--key", paramLabel = "KEY", description = "An API key to the server at --url.")
    private @Nullable String key;

    @Option(names = "--against", paramLabel = "URL", description = "Another server, measured by turns.")
    private @Nullable String against;

    @Option(names = "--against-key", paramLabel = "KEY", description = "An API key to the server at --against.")
    private @Nullable String againstKey;

    @Option(
            names = "--scenarios",
            split = ",",
            defaultValue = "health,get,put,search,mixed",
            description = "Of health, get, put, search, mixed; default: all.")
    private List<String> scenarios = List.of();

    @Option(names = "--clients", defaultValue = "16", description = "Connections; default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--entries", defaultValue = "10000", description = "Written first; default: ${DEFAULT-VALUE}.")
    private int entries;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each run; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "Runs of each scenario; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--pid", description = "Process whose peak memory is told; default: that of the local server.")
    private @Nullable Long pid;

    /// `environment` tells where the local server's file is.
    public LoadCommand(Map<String, String> environment, PrintStream out) {
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    @Override
    public void run() {
        var load = new Load(clients, entries);
        List<Target> targets = targets();
        for (Target target : targets) {
            out.println("preload  " + target.name() + " " + load.preload(target).line());
        }
        for (String name : scenarios) {
            measure(load, targets, Scenario.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        peakMemory().ifPresent(bytes -> out.printf(Locale.ROOT, "peak RSS %d MB%n", bytes / BYTES_PER_MEGABYTE));
    }

    private void measure(Load load, List<Target> targets, Scenario scenario) {
        var medians = new ArrayList<List<Double>>();
        targets.forEach(target -> medians.add(new ArrayList<>()));
        String name = String.format(Locale.ROOT, "%-8s", scenario.name().toLowerCase(Locale.ROOT));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Measured found = load.run(target, scenario, Duration.ofSeconds(2), Duration.ofSeconds(seconds));
                medians.get(i).add(found.perSecond());
                out.println(name + " " + target.name() + " " + found.line());
                out.flush();
            }
        }
        if (targets.size() > 1) {
            double ratio = Median.of(medians.getFirst()) / Median.of(medians.getLast());
            out.printf(Locale.ROOT, "%s ratio of the medians %.2f%n", name, ratio);
        }
    }

    private List<Target> targets() {
        var targets = new ArrayList<Target>();
        if (url == null) {
            LocalServer server = local().orElseThrow(() ->
                    new IllegalArgumentException("No server runs on this machine; start one, or give --url."));
            targets.add(
                    new Target("A", server.url(), server.apiKey() == null ? required(key, "--key") : server.apiKey()));
        } else {
            targets.add(new Target("A", URI.create(url), required(key, "--key")));
        }
        if (against != null) {
            targets.add(new Target("B", URI.create(against), required(againstKey, "--against-key")));
        }
        return targets;
    }

    private static String required(@Nullable String value, String option) {
        if (value == null) {
            throw new IllegalArgumentException(option + " is missing");
        }
        return value;
    }

    private Optional<LocalServer> local() {
        return LocalServerFile.in(environment).flatMap(LocalServerFile::read);
    }

    /// In bytes; Linux alone tells.
    private Optional<Long> peakMemory() {
        Long process =
                pid != null || url != null ? pid : local().map(LocalServer::pid).orElse(null);
        Path status = Path.of("/proc/" + process + "/status");
        if (process == null || !Files.exists(status)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIBIBYTE)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
