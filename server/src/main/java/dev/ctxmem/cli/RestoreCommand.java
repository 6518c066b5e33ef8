package dev.ctxmem.cli;

import dev.ctxmem.core.StoreTask;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restore", description = "For the operator: put a backup in the place of an empty store.")
final class RestoreCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "On the server's machine.")
    private Path file = Path.of("");

    @Option(names = "--with-pepper", description = "Take the generated pepper from FILE.pepper.")
    private boolean withPepper;

    @Option(names = "--force", description = "Replace what the embedded store holds.")
    private boolean force;

    @Option(names = "--dry-run", description = "Check the file, and change nothing.")
    private boolean dryRun;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TaskCommand.run(
                session,
                new StoreTask.Restore(TaskCommand.absolute(file), withPepper, force, dryRun),
                dryRun ? "Would restore" : "Restored");
    }
}
