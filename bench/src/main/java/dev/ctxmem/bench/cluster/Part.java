package dev.ctxmem.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A process of the installation: its id is in `NAME.pid`, and `NAME.start` starts it again.
record Part(Path directory, String name) {
    private static final long BYTES_PER_KIBIBYTE = 1024;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// SIGKILL, and waits for the end.
    void kill() {
        ProcessHandle process = process();
        process.destroyForcibly();
        awaitEnd(process.pid());
    }

    /// SIGTERM, and waits for the end.
    void terminate() {
        ProcessHandle process = process();
        process.destroy();
        awaitEnd(process.pid());
    }

    void start() {
        run("sh", directory.resolve(name + ".start").toString());
    }

    /// Stops the process and its children where they are, without their knowing; or only those whose command line
    /// holds `which`.
    List<Long> pause(String which) {
        var paused = new ArrayList<Long>();
        Stream.concat(Stream.of(process()), process().descendants())
                .filter(it -> commandLine(it.pid()).contains(which))
                .forEach(it -> paused.add(it.pid()));
        if (paused.isEmpty()) {
            throw new IllegalStateException(name + " has no process " + which);
        }
        signal("-STOP", paused);
        return paused;
    }

    void resume(List<Long> paused) {
        signal("-CONT", paused);
    }

    /// The peak of its memory in bytes, by Linux.
    long peakMemory() {
        return read(Path.of("/proc/" + process().pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIBIBYTE)
                .findFirst()
                .orElse(0);
    }

    /// How often its log says that Redis has gone or is back.
    long changesOfLimiter() {
        return read(directory.resolve(name + ".log"))
                .lines()
                .filter(line -> line.contains("RedisRateLimiter"))
                .count();
    }

    private ProcessHandle process() {
        long pid = Long.parseLong(read(directory.resolve(name + ".pid")).strip());
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.orElseThrow(() -> new IllegalStateException(name + " does not run"));
    }

    /// By Linux: one that has ended and that nobody has asked about yet is a zombie, as its parent likes.
    private static void awaitEnd(long pid) {
        Path file = Path.of("/proc/" + pid + "/stat");
        while (Files.exists(file)) {
            String stat = readOrEmpty(file);
            if (stat.isEmpty() || stat.charAt(stat.lastIndexOf(')') + 2) == 'Z') {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /// A process may end while it is looked at.
    private static String readOrEmpty(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static void signal(String signal, List<Long> processes) {
        var command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(pid -> command.add(pid.toString()));
        run(command.toArray(String[]::new));
    }

    private static String commandLine(long pid) {
        return readOrEmpty(Path.of("/proc/" + pid + "/cmdline"));
    }

    static void run(String... command) {
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ends with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
