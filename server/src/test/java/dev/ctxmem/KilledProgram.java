package dev.ctxmem;

import dev.ctxmem.process.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path log = home.resolve("log");
        try {
            Files.createDirectories(home);
            ProcessBuilder builder = Programs.ctx(home, arguments).redirectOutput(log.toFile());
            builder.environment().putAll(installation.settings());
            return new KilledProgram(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SIGKILL as soon as it is so, and waits for the end.
    void killWhen(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new AssertionError("It ended by itself (" + process.exitValue() + "):\n" + log());
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
        process.destroyForcibly().onExit().join();
    }
}
