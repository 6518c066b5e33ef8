package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/cli.md knows every command, every option and every exit code.
final class DocumentationTest {
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+)(?:, ([a-z]+))*  ");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    @TempDir
    Path home;

    @Test
    void everyCommandAndOption_isInTheDocumentation() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "cli.md"));
        var shell = new Shell(home);
        var missing = new ArrayList<String>();
        int seen = 0;
        for (List<String> command : commands(shell, List.of())) {
            seen++;
            String line = "ctx " + String.join(" ", command);
            if (!document.contains("`" + line)) {
                missing.add(line);
            }
            var options = OPTION.matcher(help(shell, command));
            while (options.find()) {
                if (!document.contains(options.group())) {
                    missing.add(line + " " + options.group());
                }
            }
        }

        assertEquals(List.of(), missing);
        assertTrue(seen > 20, "commands: " + seen);
    }

    @Test
    void everyExitCode_isInTheDocumentation() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "cli.md"));

        for (ExitCode code : ExitCode.values()) {
            assertTrue(document.contains("| " + code.number() + " | `" + code + "` |"), code.name());
        }
    }

    /// Every command below `parent`, by what its help lists.
    private static List<List<String>> commands(Shell shell, List<String> parent) {
        var commands = new ArrayList<List<String>>();
        String help = help(shell, parent);
        int start = help.indexOf("Commands:\n");
        if (start < 0) {
            return commands;
        }
        var names = COMMAND.matcher(help.substring(start));
        while (names.find()) {
            var command = new ArrayList<>(parent);
            command.add(names.group(1));
            commands.add(command);
            commands.addAll(commands(shell, command));
        }
        return commands;
    }

    private static String help(Shell shell, List<String> command) {
        var arguments = new ArrayList<>(command);
        arguments.add("--help");
        var run = shell.ctx(arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return run.out();
    }
}
