package dev.ctxmem.cli;

import dev.ctxmem.core.StoreTask;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = "For the operator: add everything from a file of 'ctx export', or nothing of it.")
final class ImportCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "On the server's machine.")
    private Path file = Path.of("");

    @Option(names = "--with-pepper", description = "Take the generated pepper from FILE.pepper, into an empty store.")
    private boolean withPepper;

    @Option(names = "--dry-run", description = "Say whether it would work, and change nothing.")
    private boolean dryRun;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TaskCommand.run(
                session,
                new StoreTask.Import(TaskCommand.absolute(file), withPepper, dryRun),
                dryRun ? "Would import" : "Imported");
    }
}
