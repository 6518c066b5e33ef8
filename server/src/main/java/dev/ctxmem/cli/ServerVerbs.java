package dev.ctxmem.cli;

import java.util.List;

/// What the command line needs of the program around it: the commands that run beside the server's data instead
/// of over HTTP. Nothing of the server is loaded before one of these methods is called.
public interface ServerVerbs {
    /// The program's version, such as `0.1.0`.
    String version();

    /// Runs a server until it is told to stop; returns the exit code. `arguments` are those behind `serve`,
    /// untouched; with `--help` among them it explains its flags instead.
    int serve(List<String> arguments);

    /// Opens the server's accounts, on the data that the configuration of this directory and environment names.
    /// Throws [dev.ctxmem.core.MemoryException].
    Operator operator();

    /// Looks at what a server started here would find: its configuration, its data directory, its store. Fails
    /// by a failed check, not by an exception.
    List<Check> checks();
}
