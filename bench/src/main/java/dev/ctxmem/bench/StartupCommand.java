package dev.ctxmem.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench startup`: from the start of `ctx serve` to its first answer of `/health`, in a directory of its own. The
/// first start, which unpacks the model there, does not count.
@Command(
        name = "startup",
        description = "Time from the start of ctx serve to its first answer.",
        mixinStandardHelpOptions = true)
public final class StartupCommand implements Runnable {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String LISTENS = "listens on ";

    private final PrintStream out;

    @Option(names = "--rounds", defaultValue = "7", description = "Starts; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--embedding-provider", defaultValue = "local", description = "Default: ${DEFAULT-VALUE}.")
    private String provider = "";

    @Option(names = "--ctx", required = true, description = "The launcher; bin/bench knows it.")
    private Path ctx = Path.of("");

    /// Figures go to `out`.
    public StartupCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        var seconds = new ArrayList<Double>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Path home = Files.createTempDirectory("ctx-startup");
            for (int round = 0; round <= rounds; round++) {
                double found = start(home, http);
                out.printf(Locale.ROOT, "%.2f s%s%n", found, round == 0 ? " (first)" : "");
                if (round > 0) {
                    seconds.add(found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        out.printf(Locale.ROOT, "median %.2f s%n", Median.of(seconds));
    }

    private double start(Path home, HttpClient http) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(List.of(ctx.toString(), "serve", "--port", "0", "--embedding-provider", provider));
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_") || name.startsWith("CTX_"));
        builder.environment().put("HOME", home.toString());
        long start = System.nanoTime();
        Process process = builder.redirectErrorStream(true).start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            HttpRequest health =
                    HttpRequest.newBuilder(address(lines).resolve("/health")).build();
            int status = http.send(health, BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("/health answered " + status);
            }
            return (System.nanoTime() - start) / NANOS_PER_SECOND;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static URI address(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int at = line.indexOf(LISTENS);
            if (at >= 0) {
                return URI.create(line.substring(at + LISTENS.length()).strip());
            }
        }
        throw new IllegalStateException("The server ended before it listened.");
    }
}
