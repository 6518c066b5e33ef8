package dev.ctxmem.cli;

import java.io.Serial;

/// The end of a command by a failure of this machine rather than of the product: a file, the configuration, the
/// command line.
final class CommandException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String hint;

    CommandException(ExitCode exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    static CommandException usage(String message, String hint) {
        return new CommandException(ExitCode.USAGE, message, hint);
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String hint() {
        return hint;
    }
}
