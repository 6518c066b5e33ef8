package dev.ctxmem.cli;

import dev.ctxmem.core.StoreTask;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "For the operator: copy the store as it is now into a new file, while it is in use.")
final class BackupCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "On the server's machine.")
    private Path file = Path.of("");

    @Option(names = "--with-pepper", description = "Put the generated pepper into FILE.pepper.")
    private boolean withPepper;

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TaskCommand.run(session, new StoreTask.Backup(TaskCommand.absolute(file), withPepper), "Backed up");
    }
}
