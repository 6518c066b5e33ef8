package dev.ctxmem.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `ctx` itself, with the options that stand before or behind every command.
@Command(
        name = "ctx",
        description = "The memory that AI agents share: server and command line.",
        footer = {"", "'ctx COMMAND --help' explains a command. Exit codes and configuration: docs/cli.md."})
final class GlobalOptions implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            scope = ScopeType.INHERIT,
            description = "API key, instead of the configured one.")
    @Nullable
    String apiKey;

    @Option(
            names = "--api-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Address of the server, instead of the configured one.")
    @Nullable
    String apiUrl;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the API's own answer, one JSON document.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    boolean version;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
