package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Entry;
import dev.ctxmem.disk.Fault;
import dev.ctxmem.disk.FaultLibrary;
import dev.ctxmem.disk.PowerCutDisk;
import dev.ctxmem.process.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Lets a [FaultChild] meet faults, each with a store of its own on one disk, cuts the power now and then, and looks
/// what the stores have kept.
final class FaultLoop implements AutoCloseable {
    /// What the disk has room for.
    private static final int ROUNDS_PER_CUT = 200;

    private final Path home;
    private final PowerCutDisk disk;
    private final Path template;
    private final Path library;
    private final List<Round> rounds = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private Process child;
    private BufferedReader answers;
    private int faults;

    FaultLoop(Path home, PowerCutDisk disk) {
        this.home = home;
        this.disk = disk;
        template = home.resolve("template");
        try (SqliteStore store = FaultChild.open(template, new RecordingAlarms(), SqliteSettings.DEFAULT)) {
            CrashChild.prepare(store);
        }
        library = FaultLibrary.compile(home);
        child = launch();
        answers = child.inputReader(StandardCharsets.UTF_8);
    }

    /// How many faults were met.
    int faults() {
        return faults;
    }

    List<String> violations() {
        return violations;
    }

    /// What happened under a fault.
    Round meet(Fault fault) {
        if (rounds.size() == ROUNDS_PER_CUT) {
            cutAndVerify();
        }
        Path directory = disk.directory().resolve("store-" + rounds.size());
        copyTemplate(directory);
        disk.sync();
        Round round = new Round(directory, fault);
        try {
            child.getOutputStream().write((directory + "\t" + fault.line() + "\n").getBytes(StandardCharsets.UTF_8));
            child.getOutputStream().flush();
            String line = answers.readLine();
            while (!FaultChild.END.equals(line)) {
                if (line == null) {
                    throw new AssertionError("The child died under " + fault + ", " + round.lines);
                }
                round.hear(line);
                line = answers.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rounds.add(round);
        if (round.isHit()) {
            faults++;
        }
        return round;
    }

    /// Cuts the power, and compares every store since the last cut with what was acknowledged of it.
    void cutAndVerify() {
        disk.cut(() -> true);
        close();
        disk.restart();
        child = launch();
        answers = child.inputReader(StandardCharsets.UTF_8);
        for (Round round : rounds) {
            verify(round);
            delete(round.directory);
        }
        rounds.clear();
    }

    @Override
    public void close() {
        child.destroyForcibly().onExit().join();
    }

    private void verify(Round round) {
        try (SqliteStore store = FaultChild.open(round.directory, new RecordingAlarms(), SqliteSettings.DEFAULT)) {
            for (String[] ack : round.acks) {
                Entry entry = store.get(CrashChild.ACCOUNT, CrashChild.NAMESPACE, ack[1])
                        .orElse(null);
                if (entry == null) {
                    violations.add(round + " lost " + ack[1]);
                } else if (!CrashChild.crc(entry.value().asString()).equals(ack[2])) {
                    violations.add(round + " changed " + ack[1]);
                }
            }
            List<String> found = FaultChild.search(store);
            for (int number = 0; number < FaultChild.PUTS; number++) {
                String key = "k" + number;
                boolean isThere =
                        store.get(CrashChild.ACCOUNT, CrashChild.NAMESPACE, key).isPresent();
                if (isThere != found.contains(key)) {
                    violations.add(round + " is searched wrongly for " + key);
                }
            }
        }
        Records.verify(round.directory);
    }

    private void copyTemplate(Path directory) {
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(template.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        ProcessBuilder builder = Programs.java(List.of("-Xmx256m"), FaultChild.class.getName())
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(home.resolve("errors").toFile()));
        builder.environment().put(FaultLibrary.PRELOAD, library.toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One store under one fault.
    final class Round {
        private final Path directory;
        private final Fault fault;
        private final List<String> lines = new ArrayList<>();
        private final List<String[]> acks = new ArrayList<>();
        private int calls;
        private int hits;

        private Round(Path directory, Fault fault) {
            this.directory = directory;
            this.fault = fault;
        }

        /// How many calls there were that the fault could have been.
        int calls() {
            return calls;
        }

        boolean isHit() {
            return hits > 0;
        }

        @Override
        public String toString() {
            return fault + ": " + lines;
        }

        private void hear(String line) {
            String[] parts = line.split(" ", 3);
            switch (parts[0]) {
                case "acked" -> acks.add(parts);
                case "counted" -> {
                    calls = Integer.parseInt(parts[1]);
                    hits = Integer.parseInt(parts[2]);
                }
                case "said" -> violations.add(fault + ": " + line);
                default -> {}
            }
            lines.add(line);
        }
    }
}
