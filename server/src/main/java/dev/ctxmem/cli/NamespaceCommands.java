package dev.ctxmem.cli;

import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ns", description = "List, create and delete namespaces.")
final class NamespaceCommands {
    private final Session session;

    NamespaceCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", aliases = "ls", description = "List the namespaces of the account.")
    void list() {
        List<Namespace> namespaces = session.memories().namespaces();
        session.show(out -> {
            if (namespaces.isEmpty()) {
                out.note("No namespaces. Make one with 'ctx ns create SLUG'.");
                return;
            }
            out.table(
                    List.of("SLUG", "ENTRIES", "CREATED", "NAME", "DESCRIPTION"),
                    namespaces.stream().map(NamespaceCommands::row).toList());
        });
    }

    @Command(name = "create", description = "Create a namespace.")
    void create(
            @Parameters(paramLabel = "SLUG", description = "Lower-case letters, digits and single hyphens.")
                    String slug,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "For people; default: the slug.")
                    @Nullable
                    String name,
            @Option(
                            names = {"-d", "--description"},
                            paramLabel = "TEXT",
                            description = "What it is for.")
                    @Nullable
                    String description) {
        var namespace = new NewNamespace(slug, name == null ? slug : name, description);
        Namespace created = session.memories().createNamespace(namespace);
        session.show(out -> out.line("Created " + Printable.line(created.slug())));
    }

    @Command(
            name = "delete",
            aliases = "rm",
            description = "Delete a namespace and erase its entries with their versions. Asks first on a terminal.")
    void delete(
            @Parameters(paramLabel = "SLUG") String slug,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes) {
        if (session.terminal && !yes) {
            long entries = session.memories().namespace(slug).entryCount();
            if (!session.confirms("Delete " + slug + " and erase its " + entries + " entries?")) {
                throw new CommandException(ExitCode.FAILED, "Nothing was deleted.", "Answer y, or give --yes.");
            }
        }
        session.memories().deleteNamespace(slug);
        session.show(out -> out.line("Deleted " + Printable.line(slug)));
    }

    private static List<String> row(Namespace namespace) {
        return List.of(
                namespace.slug(),
                Long.toString(namespace.entryCount()),
                Output.time(namespace.createdAt(), ""),
                namespace.name(),
                namespace.description() == null ? "" : namespace.description());
    }
}
