package dev.ctxmem.cli;

import dev.ctxmem.core.StoreTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reembed",
        description = "For the operator: move all entries to another embedding model, while the server is in use.")
final class ReembedCommand implements Runnable {
    private final Session session;

    @Option(
            names = "--provider",
            paramLabel = "PROVIDER",
            description = "local, openai or a class; default: the server's.")
    private @Nullable String provider;

    @Option(names = "--model", paramLabel = "MODEL", description = "Default: the server's, or the provider's.")
    private @Nullable String model;

    @Option(names = "--dimensions", paramLabel = "N", description = "Where the provider lets one choose, 1 to 2000.")
    private @Nullable Integer dimensions;

    ReembedCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TaskCommand.run(session, new StoreTask.Reembed(provider, model, dimensions), "Moved");
    }
}
