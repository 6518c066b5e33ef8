package dev.ctxmem.cli;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.TimeToLive;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = "Store a value under a key: a new entry, or the next version of the one that is there.",
        footer = {
            "",
            "VALUE is text. It is JSON when it begins with { or [ and parses; --json-value and --text-value decide it.",
            "'-' reads it from the standard input, '@FILE' from a file, less one line break at the end; '@@' begins a"
                    + " value with '@'.",
            "Tags, importance and metadata are replaced as a whole; without --ttl an entry keeps its expiry."
        })
final class SetCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "2", paramLabel = "VALUE")
    private String value = "";

    @Option(
            names = {"-t", "--tags", "--tag"},
            split = ",",
            paramLabel = "TAG",
            description = "Tags, by commas.")
    private List<String> tags = List.of();

    @Option(names = "--ttl", paramLabel = "TIME", description = "Seconds to live, or 30m, 12h, 7d; 'none' for ever.")
    private @Nullable String ttl;

    @Option(names = "--importance", paramLabel = "0..1", description = "Default: ${DEFAULT-VALUE}.")
    private double importance = EntryDraft.IMPORTANCE_DEFAULT;

    @Option(names = "--metadata", paramLabel = "JSON", description = "A JSON object.")
    private @Nullable String metadata;

    @Option(names = "--json-value", description = "VALUE is JSON, whatever it begins with.")
    private boolean isJson;

    @Option(names = "--text-value", description = "VALUE is text, whatever it begins with.")
    private boolean isText;

    SetCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (isJson && isText) {
            throw CommandException.usage("--json-value and --text-value exclude each other.", "Give one of them.");
        }
        String text = ValueArgument.text(value, session.in);
        var draft = new EntryDraft(
                key,
                isJson ? ValueArgument.json(text) : isText ? Json.string(text) : ValueArgument.guessed(text),
                tags,
                metadata == null ? Json.EMPTY_OBJECT : Json.parse(metadata),
                importance,
                ttl == null ? TimeToLive.KEEP : ValueArgument.timeToLive(ttl));
        Saved saved = session.memories().put(namespace, draft);
        session.show(out -> out.line((saved.created() ? "Created " : "Updated ")
                + Printable.line(saved.entry().key())
                + " (version " + saved.entry().version() + ")"));
    }
}
