package dev.ctxmem.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/// The command line: arguments in, exit code out.
public final class Cli {
    private static final int HELP_COLUMNS = 100;

    /// In the order of the help.
    private static final List<Verb> VERBS = List.of(
            new Verb("set", SetCommand::new),
            new Verb("get", GetCommand::new),
            new Verb("list", ListCommand::new, "ls"),
            new Verb("delete", DeleteCommand::new, "rm"),
            new Verb("search", SearchCommand::new),
            new Verb("history", HistoryCommand::new),
            new Verb("ns", NamespaceCommands::new),
            new Verb("keys", KeyCommands::new),
            new Verb("whoami", WhoamiCommand::new),
            new Verb("signup", SignupCommand::new),
            new Verb("config", ConfigCommand::new),
            new Verb(ServeCommand.NAME, ServeCommand::new),
            new Verb("accounts", AccountCommands::new),
            new Verb("export", ExportCommand::new),
            new Verb("import", ImportCommand::new),
            new Verb("backup", BackupCommand::new),
            new Verb("restore", RestoreCommand::new),
            new Verb("reembed", ReembedCommand::new),
            new Verb("doctor", DoctorCommand::new),
            new Verb(Verb.COMPLETION, CompletionCommand::new));

    private final Map<String, String> environment;
    private final ServerVerbs verbs;
    private final InstantSource clock;

    public Cli(Map<String, String> environment, ServerVerbs verbs, InstantSource clock) {
        this.environment = Map.copyOf(environment);
        this.verbs = verbs;
        this.clock = clock;
    }

    /// Runs one command and returns its exit code (see docs/cli.md). `terminal` tells that a person sits at
    /// both ends: then there are colours, questions and escapes in what is printed. The streams stay open.
    public int run(String[] arguments, InputStream in, PrintStream out, PrintStream err, boolean terminal) {
        if (arguments.length > 0 && arguments[0].equals(ServeCommand.NAME)) {
            return serve(List.of(arguments).subList(1, arguments.length));
        }
        var options = new GlobalOptions();
        var output = new Output(out, err, terminal && wantsColours());
        var failures = new Failures(output);
        if (hasLostCharacters(arguments)) {
            output.error(
                    "An argument holds U+FFFD: the locale of this shell has lost characters.",
                    "Set LC_ALL=C.UTF-8, or give the value by '-' or '@FILE'.");
            return ExitCode.USAGE.number();
        }
        int exitCode;
        try (var session = new Session(options, environment, verbs, clock, in, output, terminal)) {
            exitCode = commandLine(arguments, options, session, failures).execute(arguments);
        }
        if (!output.flush() && exitCode == ExitCode.OK.number()) {
            output.error("The output could not be written.", null);
            return ExitCode.FAILED.number();
        }
        return exitCode;
    }

    /// A server has its own flags, and no use for the classes of the command line in its memory.
    private int serve(List<String> arguments) {
        return verbs.serve(arguments.equals(List.of("-h")) ? List.of("--help") : arguments);
    }

    /// Java puts U+FFFD for every byte that the locale does not know; storing that would be a silent loss.
    private static boolean hasLostCharacters(String[] arguments) {
        for (String argument : arguments) {
            if (argument.indexOf('\uFFFD') >= 0) {
                return true;
            }
        }
        return false;
    }

    /// See no-color.org.
    private boolean wantsColours() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /// Reading the annotations of every command would take longer than most commands do, so that only the one
    /// that is named first is set up; without a name (help, typing errors, options first) all are.
    private CommandLine commandLine(String[] arguments, GlobalOptions options, Session session, Failures failures) {
        var line = new CommandLine(options);
        line.getCommandSpec().version("ctx " + verbs.version());
        for (Verb verb : needed(arguments.length == 0 ? "" : arguments[0])) {
            line.addSubcommand(verb.name(), verb.command().apply(session), verb.aliases());
        }
        return line.setExpandAtFiles(false)
                .setOut(session.output.outWriter())
                .setErr(session.output.errWriter())
                .setColorScheme(Help.defaultColorScheme(session.output.colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setParameterExceptionHandler((failure, all) -> failures.usage(failure))
                .setExecutionExceptionHandler((failure, command, result) -> failures.execution(failure));
    }

    private static List<Verb> needed(String name) {
        return VERBS.stream()
                .filter(verb -> verb.isCalled(name) && !verb.describesAll())
                .findFirst()
                .map(List::of)
                .orElse(VERBS);
    }
}
