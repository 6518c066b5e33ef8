package dev.ctxmem.cli;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.Server;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the commands of one run share: the configuration, the connections they opened, and where they print.
final class Session implements AutoCloseable {
    private static final int LINE_BYTES_MAX = 1024;

    final Output output;
    final Configuration configuration;
    final ServerVerbs verbs;
    final InstantSource clock;
    final InputStream in;
    final boolean terminal;

    private final GlobalOptions options;
    private @Nullable HttpMemories memories;
    private @Nullable Server server;
    private Json answer = Json.NULL;

    Session(
            GlobalOptions options,
            Map<String, String> environment,
            ServerVerbs verbs,
            InstantSource clock,
            InputStream in,
            Output output,
            boolean terminal) {
        this.options = options;
        this.configuration = new Configuration(options, environment);
        this.verbs = verbs;
        this.clock = clock;
        this.in = in;
        this.output = output;
        this.terminal = terminal;
    }

    boolean json() {
        return options.json;
    }

    /// What the user typed behind `--api-key` and `--api-url`, for the command that keeps them.
    GlobalOptions options() {
        return options;
    }

    HttpMemories memories() {
        if (memories == null) {
            String apiKey = configuration
                    .apiKey()
                    .orElseThrow(() -> new CommandException(
                            ExitCode.DENIED,
                            "No API key is configured.",
                            "Run 'ctx signup EMAIL --save' or 'ctx config --api-key KEY', or start a server here with"
                                    + " 'ctx serve'."))
                    .value();
            memories = new HttpMemories(endpoint(), apiKey, this::remember);
        }
        return memories;
    }

    Server server() {
        if (server == null) {
            server = new Server(endpoint(), this::remember);
        }
        return server;
    }

    /// Prints the API's last answer with `--json`, else what `table` prints.
    void show(Consumer<Output> table) {
        show(answer, table);
    }

    /// Prints `document` with `--json`, else what `table` prints.
    void show(Json document, Consumer<Output> table) {
        if (options.json) {
            output.line(terminal ? Printable.json(document) : document.text());
        } else {
            table.accept(output);
        }
    }

    /// Asks a yes-or-no question; anything but `y` or `yes` is a no.
    boolean confirms(String question) {
        output.ask(question + " [y/N] ");
        String reply = readLine();
        return reply.equalsIgnoreCase("y") || reply.equalsIgnoreCase("yes");
    }

    /// The next line of the standard input, without the white space around it.
    String readLine() {
        var line = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && line.length() < LINE_BYTES_MAX; b = in.read()) {
                line.append((char) b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        if (memories != null) {
            memories.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private Endpoint endpoint() {
        Configuration.Setting url = configuration.url();
        try {
            return Endpoint.at(url.value());
        } catch (MemoryException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_VALUE, "The server's address from " + url.source() + ": " + e.detail(), e);
        }
    }

    private void remember(Json body) {
        answer = body;
    }
}
