package dev.ctxmem.process;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server in a process of its own, as `ctx serve` runs it, on a free port of 127.0.0.1. Its files live below
/// one directory.
final class ServerProcess implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int POLLS_MAX = 12_000;

    private final Process process;
    private final LocalServer server;
    private final Path log;

    private ServerProcess(Process process, LocalServer server, Path log) {
        this.process = process;
        this.server = server;
        this.log = log;
    }

    /// Starts it and waits until it answers.
    static ServerProcess start(Path home, String... flags) {
        return start(home, Map.of(), flags);
    }

    /// With `environment` added.
    static ServerProcess start(Path home, Map<String, String> environment, String... flags) {
        Path log = home.resolve("log");
        Process process = launch(home, log, environment, flags);
        return new ServerProcess(process, await(process, home, log), log);
    }

    /// One of those that share a database, in a directory that it makes.
    static ServerProcess onDatabase(Path home, String databaseUrl) {
        try {
            return start(
                    Files.createDirectories(home),
                    "--embedding-provider",
                    "none",
                    "--allow-unsafe-database",
                    "true",
                    "--database-url",
                    databaseUrl);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts one that is expected to refuse, with `environment` added, and waits for its end.
    static Refusal refusal(Path home, Map<String, String> environment, String... flags) {
        Path log = home.resolve("refusal-log");
        Process process = launch(home, log, environment, flags);
        try {
            if (announced(process, home).isPresent()) {
                throw new AssertionError("The server was not to start:\n" + read(log));
            }
            return new Refusal(process.onExit().join().exitValue(), read(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(Path home, Path log, Map<String, String> environment, String... flags) {
        var arguments = new ArrayList<>(List.of(
                "serve", "--port", "0", "--data-dir", dataDirectory(home).toString()));
        arguments.addAll(List.of(flags));
        ProcessBuilder builder = Programs.ctx(home, arguments.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path dataDirectory(Path home) {
        return home.resolve("data");
    }

    /// The verbs for the local user's account.
    HttpMemories memories() {
        return new HttpMemories(Endpoint.at(server.url().toString()), apiKey());
    }

    String url() {
        return server.url().toString();
    }

    String operatorKey() {
        return server.operatorKey();
    }

    String apiKey() {
        return Objects.requireNonNull(server.apiKey());
    }

    /// SIGKILL, and waits for the end.
    void kill() {
        process.destroyForcibly();
        join();
    }

    /// SIGTERM, and waits for the end; the exit code.
    int terminate() {
        process.destroy();
        return join();
    }

    /// Waits until it ends by itself; the exit code.
    int awaitEnd() {
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new AssertionError("The server goes on:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        return read(log);
    }

    @Override
    public void close() {
        kill();
    }

    private int join() {
        return process.onExit().join().exitValue();
    }

    private static LocalServer await(Process process, Path home, Path log) {
        Optional<LocalServer> found = announced(process, home);
        if (found.isEmpty()) {
            process.destroyForcibly();
            throw new AssertionError("The server did not start:\n" + read(log));
        }
        return found.get();
    }

    /// Waits for what the server tells once it answers; empty when it has ended.
    private static Optional<LocalServer> announced(Process process, Path home) {
        LocalServerFile file =
                LocalServerFile.in(Map.of("XDG_STATE_HOME", home.toString())).orElseThrow();
        for (int poll = 0; poll < POLLS_MAX && process.isAlive(); poll++) {
            Optional<LocalServer> found = file.read().filter(server -> server.pid() == process.pid());
            if (found.isPresent()) {
                return found;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How a server ended that did not start.
    record Refusal(int exitCode, String output) {}
}
