package dev.ctxmem.cli;

import dev.ctxmem.core.StoreTask;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "export", description = "For the operator: write everything into a new file, one JSON document a line.")
final class ExportCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "On the server's machine.")
    private Path file = Path.of("");

    @Option(names = "--with-pepper", description = "Put the generated pepper into FILE.pepper.")
    private boolean withPepper;

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TaskCommand.run(session, new StoreTask.Export(TaskCommand.absolute(file), withPepper), "Exported");
    }
}
