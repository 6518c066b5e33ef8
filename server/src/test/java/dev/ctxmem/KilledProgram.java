package dev.ctxmem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// `ctx` in a process of its own, which is killed in the middle of its work.
final class KilledProgram implements AutoCloseable {
    private final Process process;
    private final Path log;

    private KilledProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static KilledProgram start(Installation installation, String... arguments) {
        Path home = installation.data().resolveSibling("killed");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ctxmem.Main"));
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(home);
            Path log = home.resolve("log");
            var builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CTX_") || name.startsWith("EMBEDDING_"));
            builder.environment().putAll(installation.settings());
            builder.environment().putAll(Map.of("HOME", home.toString(), "XDG_STATE_HOME", home.toString()));
            return new KilledProgram(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SIGKILL as soon as it is so, and waits for the end.
    void killWhen(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new AssertionError("It ended by itself:\n" + log());
            }
            Thread.onSpinWait();
        }
        close();
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
