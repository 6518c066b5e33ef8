package dev.ctxmem.cli;

import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "accounts",
        description = "For the operator: make, list and change accounts, on the server's machine and its data.")
final class AccountCommands {
    private final Session session;

    AccountCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Make an account and print its first key, this once.")
    void create(
            @Parameters(paramLabel = "EMAIL") String email,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "For people.")
                    @Nullable
                    String name,
            @Option(names = "--tier", paramLabel = "TIER", description = "free, pro or team.") @Nullable String tier) {
        var account = new NewAccount(email, name);
        @Nullable Tier wanted = tier == null ? null : Tier.named(tier);
        try (Operator operator = session.verbs.operator()) {
            SignedUp made = operator.createAccount(account, wanted);
            var document = new JsonWriter()
                    .beginObject()
                    .member("api_key", made.apiKey())
                    .name("account");
            session.show(document(write(made.account(), document).endObject()), out -> {
                out.note("Made the account " + Printable.line(made.account().email()) + ", tier "
                        + made.account().tier().wireName() + ".");
                out.note("This is the only time the key is shown.");
                out.line(made.apiKey());
            });
        }
    }

    @Command(name = "list", aliases = "ls", description = "List the accounts, oldest first.")
    void list() {
        try (Operator operator = session.verbs.operator()) {
            List<Account> accounts = operator.listAccounts();
            var document = new JsonWriter().beginObject().name("accounts").beginArray();
            accounts.forEach(account -> write(account, document));
            session.show(
                    document(document.endArray().endObject()),
                    out -> out.table(
                            List.of("ID", "EMAIL", "TIER", "CREATED", "NAME"),
                            accounts.stream().map(AccountCommands::row).toList()));
        }
    }

    @Command(name = "tier", description = "Move an account to another tier.")
    void tier(
            @Parameters(index = "0", paramLabel = "ID|EMAIL") String account,
            @Parameters(index = "1", paramLabel = "TIER", description = "free, pro or team.") String tier) {
        Tier wanted = Tier.named(tier);
        try (Operator operator = session.verbs.operator()) {
            Account moved = operator.setTier(account, wanted);
            var document = new JsonWriter().beginObject().name("account");
            session.show(
                    document(write(moved, document).endObject()),
                    out -> out.line(Printable.line(moved.email()) + " has tier "
                            + moved.tier().wireName()));
        }
    }

    private static JsonWriter write(Account account, JsonWriter out) {
        return out.beginObject()
                .member("id", account.id().toString())
                .member("email", account.email())
                .member("name", account.name())
                .member("tier", account.tier().wireName())
                .member("created_at", account.createdAt())
                .endObject();
    }

    private static Json document(JsonWriter out) {
        return Json.parseAnswer(out.toUtf8());
    }

    private static List<String> row(Account account) {
        return List.of(
                account.id().toString(),
                account.email(),
                account.tier().wireName(),
                Output.time(account.createdAt(), ""),
                account.name() == null ? "" : account.name());
    }
}
