package dev.ctxmem.cli;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "List, create and revoke the API keys of the account.")
final class KeyCommands {
    private final Session session;

    KeyCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", aliases = "ls", description = "List the keys, oldest first.")
    void list() {
        List<ApiKey> keys = session.memories().keys();
        session.show(out -> out.table(
                List.of("ID", "PREFIX", "NAME", "SCOPES", "NAMESPACES", "LAST USED", "EXPIRES"),
                keys.stream().map(KeyCommands::row).toList()));
    }

    @Command(name = "create", description = "Create a key and print it, this once.")
    void create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = {"-s", "--scopes"},
                            split = ",",
                            paramLabel = "SCOPE",
                            description = "Of read, write, delete, admin; default: all.")
                    @Nullable
                    List<String> scopes,
            @Option(
                            names = {"-n", "--namespaces"},
                            split = ",",
                            paramLabel = "NAMESPACE",
                            description = "Only there; default: everywhere.")
                    @Nullable
                    List<String> namespaces,
            @Option(names = "--rate-limit", paramLabel = "N", description = "Requests a minute; default: the tier's.")
                    @Nullable
                    Integer rateLimit,
            @Option(names = "--expires-at", paramLabel = "TIME", description = "2027-01-31 or 2027-01-31T12:00:00Z.")
                    @Nullable
                    String expiresAt) {
        var key = new NewKey(
                name,
                scopes == null ? Scope.all() : scopes.stream().map(Scope::named).collect(Collectors.toSet()),
                namespaces == null ? Set.of() : new LinkedHashSet<>(namespaces),
                rateLimit,
                expiresAt == null ? null : instant(expiresAt));
        IssuedKey issued = session.memories().createKey(key);
        session.show(out -> {
            out.note("This is the only time the key is shown.");
            out.line(Printable.line(issued.token()));
        });
    }

    @Command(
            name = "revoke",
            aliases = {"delete", "rm"},
            description = "Revoke a key; everywhere within 5 seconds.")
    void revoke(@Parameters(paramLabel = "ID") String id) {
        session.memories().revokeKey(uuid(id));
        session.show(out -> out.line("Revoked " + id));
    }

    private static List<String> row(ApiKey key) {
        return List.of(
                key.id().toString(),
                key.prefix(),
                key.name(),
                key.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(",")),
                key.namespaces().isEmpty()
                        ? "all"
                        : key.namespaces().stream().sorted().collect(Collectors.joining(",")),
                Output.time(key.lastUsedAt(), "never"),
                Output.time(key.expiresAt(), "never"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
        } catch (DateTimeException e) {
            throw CommandException.usage(
                    "'" + text + "' is no time.", "Write it as 2027-01-31 or 2027-01-31T12:00:00Z.");
        }
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("'" + text + "' is no id of a key.", "Take it from 'ctx keys list'.");
        }
    }
}
