package dev.ctxmem.cli;

import dev.ctxmem.core.DeletedEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Delete an entry by its key or its id; a key wins over an id.")
final class DeleteCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY")
    private String key = "";

    DeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        DeletedEntry deleted = session.memories().delete(namespace, key);
        session.show(out -> out.line("Deleted " + Printable.line(deleted.key())));
    }
}
