package dev.ctxmem.bench.cluster;

import dev.ctxmem.bench.cluster.Findings.Wrong;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.Server;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Scope;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench cluster`: the trial that `bin/cluster --trial` runs on the installation it has brought up.
@Command(
        name = "cluster",
        description = "Put an installation of bin/cluster on trial.",
        mixinStandardHelpOptions = true)
public final class ClusterCommand implements Callable<Integer> {
    private static final int ACCOUNTS = 3;
    private static final int AGENTS_PER_ACCOUNT = 2;
    private static final int SHELVES_PER_AGENT = 12;
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long BYTES_PER_MEGABYTE = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;
    private final Findings findings = new Findings();
    private final long begun = System.nanoTime();

    @Option(names = "--directory", required = true, description = "Where bin/cluster keeps its process ids.")
    private Path directory = Path.of("");

    @Option(names = "--url", required = true, description = "The proxy.")
    private String url = "";

    @Option(names = "--server-ports", required = true, split = ",", description = "Of the servers behind it.")
    private List<Integer> serverPorts = List.of();

    @Option(names = "--seconds", required = true, description = "How long.")
    private int seconds;

    @Option(names = "--break", defaultValue = "none", description = "A fault to be found: none, writes, reads, limits.")
    private String broken = "none";

    public ClusterCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        Endpoint endpoint = Endpoint.at(url);
        Duration length = Duration.ofSeconds(seconds);
        try (var faults = new Faults(directory, serverPorts, this::say);
                var clients = new Clients()) {
            var limited = new LimitedKey(endpoint, limitedKey(endpoint), findings);
            measureLimit(limited, faults);
            List<Agent> agents = agents(endpoint, faults, clients);
            say(agents.size() + " clients begin");
            long changes = faults.changes();
            faults.begin(length);
            var stopped = new AtomicBoolean();
            CompletableFuture<LimitedKey.Admitted> admitted =
                    CompletableFuture.supplyAsync(() -> limited.ask(stopped), Thread::startVirtualThread);
            List<Thread> threads = agents.stream()
                    .map(agent -> Thread.ofPlatform().start(() -> agent.run(length)))
                    .toList();
            threads.forEach(ClusterCommand::join);
            stopped.set(true);
            judge(admitted.join(), faults.changes() - changes, false);
            faults.end();
            clients.verify(findings, directory);
            report(faults);
        }
        return findings.isClean() ? 0 : 1;
    }

    private void report(Faults faults) {
        out.println("servers killed " + faults.kills() + ", restarted in good order " + faults.graceful()
                + ", Redis killed " + faults.redisKills());
        findings.lines().forEach(out::println);
        for (Part server : faults.servers()) {
            out.printf(Locale.ROOT, "peak RSS of %s %d MB%n", server.name(), server.peakMemory() / BYTES_PER_MEGABYTE);
        }
        out.println(findings.isClean() ? "everything held" : "NOT everything held");
    }

    /// While nothing is broken: all of the limit, and no more.
    private void measureLimit(LimitedKey limited, Faults faults) {
        limited.drain();
        long changes = faults.changes();
        var stopped = new AtomicBoolean();
        Thread.ofVirtual().start(() -> {
            sleep(STEADY_NANOS);
            stopped.set(true);
        });
        judge(limited.ask(stopped), faults.changes() - changes, true);
    }

    private void judge(LimitedKey.Admitted admitted, long changes, boolean all) {
        String line = String.format(
                Locale.ROOT,
                "%d admitted of %d asked in %.1f s, the limit is %.0f; servers went between Redis and shares %d times",
                admitted.count(),
                admitted.asked(),
                admitted.seconds(),
                admitted.allowed(),
                changes);
        say("limited key: " + line);
        if (!admitted.isWithin(changes, serverPorts.size()) || (all && !admitted.isAllOf())) {
            findings.wrong(Wrong.BEYOND_THE_LIMIT, line);
        }
    }

    private static String limitedKey(Endpoint endpoint) {
        try (var memories = new HttpMemories(endpoint, signUp(endpoint, "limited"))) {
            return memories.createKey(new NewKey("limited", Set.of(Scope.READ), Set.of(), LimitedKey.PER_MINUTE, null))
                    .token();
        }
    }

    private static String signUp(Endpoint endpoint, String name) {
        try (var server = new Server(endpoint)) {
            return server.signup(new NewAccount(name + "@example.com", name)).apiKey();
        }
    }

    private List<Agent> agents(Endpoint endpoint, Faults faults, Clients clients) {
        var agents = new ArrayList<Agent>();
        for (int account = 0; account < ACCOUNTS; account++) {
            String key = signUp(endpoint, "account-" + account);
            HttpMemories reader = clients.open(endpoint, key);
            reader.createNamespace(NewNamespace.of(Agent.NAMESPACE));
            var own = new ArrayList<List<Shelf>>();
            var all = new ArrayList<Shelf>();
            for (int agent = 0; agent < AGENTS_PER_ACCOUNT; agent++) {
                var shelves = new ArrayList<Shelf>();
                for (int shelf = 0; shelf < SHELVES_PER_AGENT; shelf++) {
                    shelves.add(new Shelf("agent-" + agent + "-" + shelf));
                }
                own.add(shelves);
                all.addAll(shelves);
            }
            clients.keep(reader, all);
            for (List<Shelf> shelves : own) {
                agents.add(new Agent(
                        clients.open(endpoint, key),
                        reader,
                        shelves,
                        all,
                        faults,
                        findings,
                        broken.equals("reads"),
                        agents.size()));
            }
        }
        return agents;
    }

    private void say(String what) {
        out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begun) / NANOS_PER_SECOND, what);
        out.flush();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The clients of a trial, and what they have written in each account.
    private static final class Clients implements AutoCloseable {
        private final List<HttpMemories> open = new ArrayList<>();
        private final List<HttpMemories> readers = new ArrayList<>();
        private final List<List<Shelf>> shelves = new ArrayList<>();

        HttpMemories open(Endpoint endpoint, String key) {
            var memories = new HttpMemories(endpoint, key);
            open.add(memories);
            return memories;
        }

        void keep(HttpMemories reader, List<Shelf> written) {
            readers.add(reader);
            shelves.add(List.copyOf(written));
        }

        /// Looks for every acknowledged version in the histories.
        void verify(Findings findings, Path directory) {
            Path before = directory.resolve("before-verification");
            if (Files.exists(before)) {
                Part.run("sh", before.toString());
            }
            for (int account = 0; account < readers.size(); account++) {
                for (Shelf shelf : shelves.get(account)) {
                    if (shelf.count() > 0) {
                        shelf.lost(history(readers.get(account), shelf.key()))
                                .forEach(lost -> findings.wrong(Wrong.LOST_WRITES, lost));
                    }
                }
            }
        }

        private static Map<Long, Long> history(HttpMemories memories, String key) {
            var history = new HashMap<Long, Long>();
            try {
                String cursor = null;
                do {
                    HistoryPage page = memories.history(Agent.NAMESPACE, key, new HistoryOptions(100, cursor));
                    for (EntryVersion version : page.history()) {
                        history.put(version.version(), Agent.number(version.value()));
                    }
                    cursor = page.nextCursor();
                } while (cursor != null);
            } catch (MemoryException e) {
                // What is not there is lost.
            }
            return history;
        }

        @Override
        public void close() {
            open.forEach(HttpMemories::close);
        }
    }
}
