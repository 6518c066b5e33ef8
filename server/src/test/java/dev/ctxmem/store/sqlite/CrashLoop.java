package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.disk.PowerCutDisk;
import dev.ctxmem.memory.Page;
import dev.ctxmem.process.Programs;
import dev.ctxmem.store.Faults;
import dev.ctxmem.store.sqlite.CrashChild.SeededBug;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Kills a [CrashChild] again and again on one directory, and compares what it had been told with what is
/// there.
final class CrashLoop implements AutoCloseable {
    /// Seconds that the clock moves on from cycle to cycle: more than any short-lived entry has.
    private static final int CYCLE_SECONDS = 10;

    /// About the length of a line in the file of answers.
    private static final int BYTES_PER_ACK = 18;

    private final Path home;
    private final Path data;
    private final SeededBug bug;
    private final Supplier<Death> deaths;
    private final List<String> violations = new ArrayList<>();

    /// What was acknowledged, by key and version, since the directory is in use.
    private final Map<String, TreeMap<Long, String>> acknowledged = new HashMap<>();

    private final Set<String> touched = new HashSet<>();
    private Path directory;
    private int directories;
    private int cycles;
    private int acks;
    private Child next;

    /// The stores are made below `data`, everything else below `home`. `deaths` is asked once for each child, one
    /// ahead.
    CrashLoop(Path home, Path data, SeededBug bug, Supplier<Death> deaths) {
        this.home = home;
        this.data = data;
        this.bug = bug;
        this.deaths = deaths;
        directory = data.resolve("data-0");
        next = spawn();
    }

    int cycles() {
        return cycles;
    }

    int acks() {
        return acks;
    }

    /// What was lost or torn, in words.
    List<String> violations() {
        return violations;
    }

    /// Lets the next child write until its death, and looks.
    void cycle(long seed) {
        Child child = next;
        child.start(seed);
        Map<Path, Long> noted = Map.of();
        if (child.death instanceof Death.Kill(int answers, long nanos)) {
            awaitAcks(answers);
            LockSupport.parkNanos(nanos);
            child.process.destroyForcibly();
        } else if (child.death instanceof Death.PowerCut(PowerCutDisk disk, int answers, long nanos)) {
            awaitAcks(answers);
            LockSupport.parkNanos(nanos);
            noted = disk.cut(this::noted);
            child.process.destroyForcibly();
        }
        // The next process boots while this cycle is being looked at.
        next = spawn();
        int status = child.await();
        if (child.death instanceof Death.PowerCut cut) {
            cut.disk().restart();
        } else if (status != Faults.EXIT_STATUS) {
            violations.add("the child ended by itself with status " + status);
        }
        cycles++;
        readAcks(noted);
        verify();
    }

    /// The next cycles begin with an empty directory, after everything told so far has been looked for.
    void freshDirectory() {
        touched.addAll(acknowledged.keySet());
        verify();
        acknowledged.clear();
        directories++;
        directory = data.resolve("data-" + directories);
    }

    @Override
    public void close() {
        next.process.destroyForcibly();
    }

    /// Waits until about so many answers are noted.
    private void awaitAcks(int answers) {
        while (bytesNoted() < (long) answers * BYTES_PER_ACK) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private long bytesNoted() {
        return noted().values().stream().mapToLong(Long::longValue).sum();
    }

    /// The files of answers with their lengths.
    private Map<Path, Long> noted() {
        try (Stream<Path> files = Files.list(ackDirectory())) {
            return files.collect(
                    Collectors.toMap(file -> file, file -> file.toFile().length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Up to the length that a file had in `noted`; whole when that is empty.
    private void readAcks(Map<Path, Long> noted) {
        try (Stream<Path> files = Files.list(ackDirectory())) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                if (!noted.isEmpty()) {
                    text = text.substring(0, noted.getOrDefault(file, 0L).intValue());
                }
                // The end may have cut the last line.
                text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::readAck);
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ackDirectory() {
        return home.resolve("acks");
    }

    private void readAck(String line) {
        String[] parts = line.split(" ", -1);
        String before =
                acknowledged.computeIfAbsent(parts[0], key -> new TreeMap<>()).put(Long.parseLong(parts[1]), parts[2]);
        if (before != null) {
            violations.add("version " + parts[1] + " of " + parts[0] + " was given twice");
        }
        touched.add(parts[0]);
        acks++;
    }

    private void verify() {
        try (SqliteStore store = CrashChild.open(directory, offset(), SqliteSettings.DEFAULT)) {
            touched.forEach(key -> verify(store, key));
            store.list(CrashChild.ACCOUNT, CrashChild.NAMESPACE, List.of(), 100, null)
                    .items()
                    .forEach(this::verifyWhole);
        }
        touched.clear();
        Records.verify(directory);
    }

    private void verify(SqliteStore store, String key) {
        TreeMap<Long, String> told = acknowledged.getOrDefault(key, new TreeMap<>());
        Optional<Entry> entry = store.get(CrashChild.ACCOUNT, CrashChild.NAMESPACE, key);
        if (entry.isEmpty()) {
            // Deleted, by the last thing told or by a write whose answer the kill swallowed.
            verifyDeletion(key, told);
            return;
        }
        verifyWhole(entry.get());
        var history = new TreeMap<Long, EntryVersion>();
        Page<EntryVersion> page = store.history(CrashChild.ACCOUNT, CrashChild.NAMESPACE, key, 100, null);
        page.items().forEach(version -> history.put(version.version(), version));
        while (page.next() != null && history.firstKey() > told.firstKey()) {
            page = store.history(CrashChild.ACCOUNT, CrashChild.NAMESPACE, key, 100, page.next());
            page.items().forEach(version -> history.put(version.version(), version));
        }
        told.forEach((version, outcome) -> {
            EntryVersion found = history.get(version);
            if (found == null) {
                violations.add(key + " has lost version " + version);
            } else if (!outcome.equals(
                    found.deleted()
                            ? CrashChild.DELETED
                            : CrashChild.crc(found.value().asString()))) {
                violations.add(key + " has another value in version " + version);
            }
        });
        if (entry.get().version() < told.lastKey()) {
            violations.add(key + " is at version " + entry.get().version() + ", told was " + told.lastKey());
        }
    }

    /// The tombstone must be at the last version told, or one past it: its writer had one call under way.
    private void verifyDeletion(String key, NavigableMap<Long, String> told) {
        List<String> tombstone =
                Records.query(directory, "select version from entries where state = 1 and key = '" + key + "'");
        long version = tombstone.isEmpty() ? 0 : Long.parseLong(tombstone.getFirst());
        long last = told.isEmpty() ? 0 : told.lastKey();
        boolean toldDeleted =
                told.isEmpty() || CrashChild.DELETED.equals(told.lastEntry().getValue());
        if (version < last || (version == last && !toldDeleted)) {
            violations.add(key + " is gone at version " + version + ", told was " + last);
        }
    }

    private void verifyWhole(Entry entry) {
        String value = entry.value().asString();
        int end = value.lastIndexOf(' ') + 1;
        if (!value.substring(end).equals(CrashChild.crc(value.substring(0, end)))) {
            violations.add(entry.key() + " is torn");
        }
    }

    private Duration offset() {
        return Duration.ofSeconds((long) cycles * CYCLE_SECONDS);
    }

    private Child spawn() {
        Death death = deaths.get();
        String faults = death instanceof Death.Fault(String point, int hit) ? point + ":" + hit : "";
        try {
            Files.createDirectories(ackDirectory());
            var options = List.of(
                    "-Xmx128m",
                    // A page of a mapped file may be gone with the power.
                    "-XX:ErrorFile=/dev/null",
                    "-XX:-CreateCoredumpOnCrash",
                    "-Dctx.faults=" + faults);
            Process process = Programs.java(options, CrashChild.class.getName())
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            home.resolve("errors").toFile()))
                    .start();
            return new Child(process, death);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How a child ends.
    sealed interface Death {
        /// SIGKILL about so many answers and then nanoseconds after the start.
        record Kill(int answers, long nanos) implements Death {}

        /// The power of the disk is cut about so many answers and then nanoseconds after the start.
        record PowerCut(PowerCutDisk disk, int answers, long nanos) implements Death {}

        /// It halts at the hit of a fault point.
        record Fault(String point, int hit) implements Death {}
    }

    private final class Child {
        private final Process process;
        private final Death death;

        Child(Process process, Death death) {
            this.process = process;
            this.death = death;
        }

        void start(long seed) {
            String job = String.join(
                    "\t",
                    directory.toString(),
                    ackDirectory().toString(),
                    Long.toString(seed),
                    Long.toString(offset().toSeconds()),
                    bug.name(),
                    Integer.toString(walPages()));
            try {
                process.getOutputStream().write((job + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
                var out = new BufferedReader(process.inputReader());
                if (!"writing".equals(out.readLine())) {
                    violations.add("the child did not start: " + Files.readString(home.resolve("errors")));
                }
            } catch (IOException e) {
                // A fault may have hit before the child was ready.
                if (process.isAlive()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /// Every other cut comes while much has been written since the last checkpoint, which syncs it all.
        private int walPages() {
            return death instanceof Death.PowerCut && cycles % 2 == 0
                    ? SqliteSettings.DEFAULT.walPages()
                    : CrashChild.WAL_PAGES_FEW;
        }

        int await() {
            return process.onExit().join().exitValue();
        }
    }
}
