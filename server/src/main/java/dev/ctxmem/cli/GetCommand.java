package dev.ctxmem.cli;

import dev.ctxmem.core.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Print the value of a key: a string as its characters, everything else as JSON.")
final class GetCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY")
    private String key = "";

    GetCommand(Session session) {
        this.session = session;
    }

    /// A pipe gets the value as it is; a terminal is not to be driven by it.
    @Override
    public void run() {
        Entry entry = session.memories().get(namespace, key);
        String value = Printable.value(entry.value());
        session.show(out -> out.line(session.terminal ? Printable.block(value) : value));
    }
}
