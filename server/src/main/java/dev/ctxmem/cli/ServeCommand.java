package dev.ctxmem.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
        name = ServeCommand.NAME,
        description = "Run the server; its settings may be given as options, see docs/configuration.md.")
final class ServeCommand implements Callable<Integer> {
    static final String NAME = "serve";

    private final Session session;

    @Unmatched
    private List<String> arguments = List.of();

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return session.verbs.serve(arguments);
    }
}
