package dev.ctxmem.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A program of the system, run to its end.
final class Command {
    private Command() {}

    /// What it printed; an error when it fails.
    static String run(String... command) {
        Result result = attempt(command);
        if (result.status != 0) {
            throw new AssertionError(List.of(command) + " failed: " + result.output);
        }
        return result.output;
    }

    static Result attempt(String... command) {
        try {
            // env looks for the program where only root usually has to.
            var words = new ArrayList<>(List.of("env", "PATH=" + System.getenv("PATH") + ":/usr/sbin:/sbin"));
            words.addAll(List.of(command));
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    record Result(int status, String output) {}
}
