package dev.ctxmem.bench.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PostgreSQL's own load generator: transactions a second of plain SQL, prepared once by each connection.
final class Pgbench {
    private static final Pattern PER_SECOND = Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");

    private final String program;
    private final String url;
    private final int clients;

    /// `url` is a JDBC URL with its user in it.
    Pgbench(String program, String url, int clients) {
        this.program = program;
        this.url = url.substring("jdbc:".length());
        this.clients = clients;
    }

    /// Runs the scripts by chance, each as often as the others. `options` are settings of the connections.
    double perSecond(List<Path> scripts, String options, int seconds) {
        var command = new ArrayList<>(List.of(program, "--no-vacuum", "--protocol=prepared", "--jobs=2"));
        command.addAll(List.of("--client=" + clients, "--time=" + seconds));
        scripts.forEach(script -> command.add("--file=" + script));
        command.add(url);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGOPTIONS", options);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
            Matcher figure = PER_SECOND.matcher(output);
            if (!figure.find()) {
                throw new IllegalStateException(output);
            }
            return Double.parseDouble(figure.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Path script(Path directory, String name, String sql) {
        try {
            return Files.writeString(directory.resolve(name + ".sql"), sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
