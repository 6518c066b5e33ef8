package dev.ctxmem.bench.postgres;

import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.Median;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench postgres`: the PostgreSQL store with one large account. How many of the truly nearest its searches find;
/// how many reads and searches a second it does beside pgbench with plain SQL for the same work, by turns; and from
/// where on its index is faster than a scan.
@Command(
        name = "postgres",
        description = {
            "Measure the PostgreSQL store beside plain SQL by pgbench. Run it as",
            "bin/with-postgres bin/bench postgres, or with CTX_TEST_DATABASE_URL set. The database that it fills",
            "(ctx_bench_ENTRIES) stays, and is used again."
        },
        mixinStandardHelpOptions = true)
public final class PostgresCommand implements Runnable {
    private static final String VARIABLE = "CTX_TEST_DATABASE_URL";
    private static final List<Integer> RECALL_EVERY = List.of(1, 10, 100, 1000);
    private static final int SCRIPTS = 64;

    /// What the store sets for a search, for the connections of pgbench.
    private static final String SEARCH_SETTINGS =
            "-c hnsw.iterative_scan=strict_order -c hnsw.ef_search=200 -c jit=off";

    private final Map<String, String> environment;
    private final PrintStream out;
    private final ClusteredVectors vectors = new ClusteredVectors();

    @Option(names = "--parts", split = ",", defaultValue = "recall,get,search,scan", description = "Default: all.")
    private List<String> parts = List.of();

    @Option(names = "--entries", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
    private int entries;

    @Option(names = "--questions", defaultValue = "200", description = "Default: ${DEFAULT-VALUE}.")
    private int questions;

    @Option(names = "--clients", defaultValue = "8", description = "Connections; default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--seconds", defaultValue = "5", description = "Of each run; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--pgbench", defaultValue = "pgbench", description = "The program; default: ${DEFAULT-VALUE}.")
    private String pgbench = "";

    /// Figures go to `out`; `environment` tells the database.
    public PostgresCommand(Map<String, String> environment, PrintStream out) {
        this.environment = Map.copyOf(environment);
        this.out = out;
    }

    @Override
    public void run() {
        String server = Objects.requireNonNull(environment.get(VARIABLE), VARIABLE + " is not set");
        String url = database(server, "ctx_bench_" + entries);
        fill(url);
        if (parts.contains("recall")) {
            recall(url);
        }
        Path directory = scripts();
        if (parts.contains("get")) {
            get(url, directory);
        }
        if (parts.contains("search")) {
            search(url, directory);
        }
        if (parts.contains("scan")) {
            scan(url);
        }
    }

    private static String database(String server, String name) {
        if (query(server, "select 1 from pg_database where datname = '" + name + "'") == null) {
            execute(server, "create database " + name);
        }
        return server.replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name);
    }

    private void fill(String url) {
        try (FilledStore store = FilledStore.open(url, clients)) {
            if (store.isFilled()) {
                return;
            }
            out.printf(Locale.ROOT, "writes without an index, 64 clients: %.0f/s%n", store.fill(vectors, entries));
            execute(url, "vacuum analyze");
            long start = System.nanoTime();
            store.maintain();
            out.printf(Locale.ROOT, "the index took %.0f s%n", millis(start) / 1000);
            execute(url, "vacuum analyze");
        }
    }

    /// Recall of the ten nearest, how full the answers are, and how long one search takes when it is alone.
    private void recall(String url) {
        var truth = new ExactSearch(vectors, entries);
        try (FilledStore store = FilledStore.open(url, clients)) {
            UUID account = store.account();
            for (int every : RECALL_EVERY) {
                int hits = 0;
                int found = 0;
                var times = new ArrayList<Double>();
                for (int i = 0; i < questions; i++) {
                    float[] question = vectors.question(i);
                    long start = System.nanoTime();
                    int[] nearest = store.nearest(account, question, every).toArray();
                    times.add(millis(start));
                    found += nearest.length;
                    hits += truth.hits(question, every, Arrays.stream(nearest));
                }
                double wanted = questions * Math.min(ExactSearch.NEAREST, Math.ceilDiv(entries, every));
                out.printf(
                        Locale.ROOT,
                        "filter of %5.1f %%: recall@10 %.3f, %.1f hits, %.1f ms%n",
                        100.0 / every,
                        hits / wanted,
                        (double) found / questions,
                        Median.of(times));
            }
        }
    }

    private void get(String url, Path directory) {
        try (FilledStore store = FilledStore.open(url, clients)) {
            UUID account = store.account();
            Path script = Pgbench.script(directory, "get", RawSql.get(account, entries));
            compare("get", url, List.of(script), "", number -> store.get(account, number % entries));
        }
    }

    private void search(String url, Path directory) {
        String model = Objects.requireNonNull(query(url, "select min(id) from models"));
        try (FilledStore store = FilledStore.open(url, clients)) {
            UUID account = store.account();
            List<float[]> asked =
                    IntStream.range(0, SCRIPTS).mapToObj(vectors::question).toList();
            List<Path> scripts = IntStream.range(0, SCRIPTS)
                    .mapToObj(i -> Pgbench.script(
                            directory,
                            "search-" + i,
                            RawSql.search(account, model, asked.get(i), FilledStore.CANDIDATES)))
                    .toList();
            compare(
                    "search",
                    url,
                    scripts,
                    SEARCH_SETTINGS,
                    number -> store.nearest(account, asked.get(number % SCRIPTS), 1));
        }
    }

    private void compare(String what, String url, List<Path> scripts, String settings, IntConsumer ours) {
        var raw = new Pgbench(pgbench, url, clients);
        var ofOurs = new ArrayList<Double>();
        var ofRaw = new ArrayList<Double>();
        perSecond(ours);
        for (int i = 0; i < rounds; i++) {
            ofOurs.add(perSecond(ours));
            ofRaw.add(raw.perSecond(scripts, settings, seconds));
            out.printf(Locale.ROOT, "%s: store %.0f/s, pgbench %.0f/s%n", what, ofOurs.getLast(), ofRaw.getLast());
        }
        out.printf(Locale.ROOT, "%s: ratio of the medians %.2f%n", what, Median.of(ofOurs) / Median.of(ofRaw));
    }

    private double perSecond(IntConsumer work) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Integer> numbers = IntStream.range(0, clients).boxed().toList();
        Crew.Done<Integer> done = new Crew(clients).work(numbers, client -> {
            int count = 0;
            while (System.nanoTime() - end < 0) {
                work.accept(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
                count++;
            }
            return count;
        });
        return done.results().stream().mapToInt(Integer::intValue).sum() / done.seconds();
    }

    /// One search at a time, by scanning what matches and by the index, for filters of several widths.
    private void scan(String url) {
        try (FilledStore scanning = FilledStore.open(url, 1, Integer.MAX_VALUE);
                FilledStore walking = FilledStore.open(url, 1, 0)) {
            UUID account = scanning.account();
            for (int every : FilledStore.EVERY) {
                double byScan = alone(scanning, account, every);
                double byIndex = alone(walking, account, every);
                out.printf(
                        Locale.ROOT,
                        "%7d of %d: scan %.1f ms, index %.1f ms%n",
                        entries / every,
                        entries,
                        byScan,
                        byIndex);
            }
        }
    }

    private double alone(FilledStore store, UUID account, int every) {
        List<Double> times = IntStream.range(0, Math.max(1, questions / 5))
                .mapToObj(i -> {
                    float[] question = vectors.question(i);
                    long start = System.nanoTime();
                    store.nearest(account, question, every);
                    return millis(start);
                })
                .toList();
        return Median.of(times);
    }

    private static Path scripts() {
        try {
            Path directory = Files.createTempDirectory("ctx-pgbench");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String query(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            return results.next() ? results.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
