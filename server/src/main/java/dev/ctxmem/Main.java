package dev.ctxmem;

import dev.ctxmem.cli.Cli;
import java.time.InstantSource;

/// The program `ctx`: hands its arguments to the command line and ends with its exit code.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        var program = new Program(System.getenv(), InstantSource.system());
        if (arguments.length == 1 && arguments[0].equals(Training.VERB)) {
            System.exit(Training.run(program));
        }
        System.exit(new Cli(System.getenv(), program, InstantSource.system())
                .run(arguments, System.in, System.out, System.err, Program.onTerminal()));
    }
}
