package dev.ctxmem.cli;

import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "List the versions of an entry, newest first.")
final class HistoryCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY")
    private String key = "";

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "1..100",
            description = "Default: ${DEFAULT-VALUE}.")
    private int limit = HistoryOptions.DEFAULT.limit();

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on behind a page.")
    private @Nullable String cursor;

    HistoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        HistoryPage page = session.memories().history(namespace, key, new HistoryOptions(limit, cursor));
        session.show(out -> {
            out.table(
                    List.of("VERSION", "CHANGED", "BY KEY", "TAGS", "VALUE"),
                    page.history().stream().map(HistoryCommand::row).toList());
            if (page.nextCursor() != null) {
                out.note("More with --cursor " + Printable.line(page.nextCursor()));
            }
        });
    }

    private static List<String> row(EntryVersion version) {
        return List.of(
                Long.toString(version.version()),
                Output.time(version.changedAt(), ""),
                version.keyId() == null ? "" : version.keyId().toString(),
                String.join(",", version.tags()),
                version.deleted()
                        ? "(deleted)"
                        : Printable.preview(version.value(), ListCommand.PREVIEW_CHARACTERS_MAX));
    }
}
