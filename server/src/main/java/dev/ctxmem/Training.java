package dev.ctxmem;

import dev.ctxmem.cli.Cli;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import dev.ctxmem.config.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A short real run of the server and of commands against it, so that the JVM can keep what it learned in its
/// AOT cache (JEP 483, JEP 514). Leaves nothing behind.
final class Training {
    static final String VERB = "train-aot-cache";

    /// Enough for the hot methods to leave a profile.
    private static final int ROUNDS = 20;

    private static final List<List<String>> SETUP = List.of(List.of("ns", "create", "training"));

    private static final List<List<String>> COMMANDS = List.of(
            List.of("set", "training", "decision", "use postgres for the database", "--tags", "a,b", "--ttl", "60"),
            List.of("set", "training", "notes/plan", "{\"steps\":[1,2.5,true,null]}"),
            List.of("get", "training", "decision"),
            List.of("ls", "training"),
            List.of("search", "what database should I use"),
            List.of("search", "plan", "-n", "training", "-l", "5", "--threshold", "0.1", "--explain"),
            List.of("history", "training", "decision"),
            List.of("whoami"),
            List.of("keys", "list"),
            List.of("config", "--show"),
            List.of("rm", "training", "notes/plan"),
            List.of("ns", "list", "--json"));

    private Training() {}

    static int run(Program program) {
        try {
            Path directory = Files.createTempDirectory("ctx-training");
            try {
                return run(program, directory);
            } finally {
                deleteTree(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int run(Program program, Path directory) throws IOException {
        InstantSource clock = InstantSource.system();
        Map<String, String> environment = Map.of("HOME", directory.toString(), "XDG_STATE_HOME", directory.toString());
        Map<String, String> flags =
                // What it writes is thrown away, so that any file system will do, also that of a container.
                Map.of(
                        "--port",
                        "0",
                        "--data-dir",
                        directory.resolve("data").toString(),
                        "--allow-network-storage",
                        "true");
        program.configureLog(Config.read(flags, environment, directory).log());
        try (App app = App.start(Config.read(flags, environment, directory), program.version(), clock, cause -> {})) {
            LocalServerFile file = LocalServerFile.in(environment).orElseThrow();
            file.write(new LocalServer(
                    app.localUrl(),
                    app.localKey().orElse(null),
                    app.operatorKey(),
                    ProcessHandle.current().pid()));
            var cli = new Cli(environment, program, clock);
            int failed = run(cli, SETUP);
            for (int round = 0; round < ROUNDS; round++) {
                failed = Math.max(failed, run(cli, COMMANDS));
            }
            return failed;
        }
    }

    /// The largest exit code.
    private static int run(Cli cli, List<List<String>> commands) throws IOException {
        int failed = 0;
        try (var nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
                InputStream nothing = new ByteArrayInputStream(new byte[0])) {
            for (List<String> command : commands) {
                int exitCode = cli.run(command.toArray(String[]::new), nothing, nowhere, System.err, false);
                failed = Math.max(failed, exitCode);
            }
        }
        return failed;
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
