package dev.ctxmem.cli;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.ListOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List the entries of a namespace, newest update first.")
final class ListCommand implements Runnable {
    static final int PREVIEW_CHARACTERS_MAX = 60;

    private final Session session;

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Option(
            names = {"-t", "--tag", "--tags"},
            split = ",",
            paramLabel = "TAG",
            description = "Only with all of these.")
    private List<String> tags = List.of();

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "1..100",
            description = "Default: ${DEFAULT-VALUE}.")
    private int limit = ListOptions.LIMIT_DEFAULT;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on behind a page.")
    private @Nullable String cursor;

    ListCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        EntryPage page = session.memories().list(namespace, new ListOptions(tags, limit, cursor));
        session.show(out -> {
            if (page.entries().isEmpty()) {
                out.note("No entries.");
                return;
            }
            out.table(
                    List.of("KEY", "VERSION", "UPDATED", "EXPIRES", "TAGS", "VALUE"),
                    page.entries().stream().map(ListCommand::row).toList());
            if (page.nextCursor() != null) {
                out.note("More with --cursor " + Printable.line(page.nextCursor()));
            }
        });
    }

    private static List<String> row(Entry entry) {
        return List.of(
                entry.key(),
                Long.toString(entry.version()),
                Output.time(entry.updatedAt(), ""),
                Output.time(entry.expiresAt(), "never"),
                String.join(",", entry.tags()),
                Printable.preview(entry.value(), PREVIEW_CHARACTERS_MAX));
    }
}
