package dev.ctxmem.cli;

import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs `ctx` in this process, with a home, an environment and streams of its own.
final class Shell {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    final Map<String, String> environment = new HashMap<>();
    final List<String> served = new ArrayList<>();
    final List<Account> accounts = new ArrayList<>();
    final List<Check> checks = new ArrayList<>();
    final List<StoreTask> tasks = new ArrayList<>();
    final List<TaskStatus> outcomes = new ArrayList<>();
    final Path home;
    boolean terminal;
    String input = "";
    boolean operatorClosed;

    Shell(Path home) {
        this.home = home;
        environment.put("HOME", home.toString());
    }

    /// A shell that is configured for `api`.
    Shell(Path home, CannedApi api) {
        this(home);
        environment.put("CTX_API_URL", api.url());
        environment.put("CTX_API_KEY", "ctx_secret");
    }

    Run ctx(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = new Cli(environment, new Verbs(), InstantSource.fixed(NOW))
                .run(
                        arguments,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.US_ASCII),
                        new PrintStream(err, true, StandardCharsets.US_ASCII),
                        terminal);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Run(int exitCode, String out, String err) {}

    /// The server's side of the commands that do not go over HTTP.
    final class Verbs implements ServerVerbs {
        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public int serve(List<String> arguments) {
            served.addAll(arguments);
            return arguments.contains("--help") ? 0 : 78;
        }

        @Override
        public Operator operator() {
            return new ListedAccounts();
        }

        @Override
        public List<Check> checks() {
            return checks;
        }
    }

    private final class ListedAccounts implements Operator {
        @Override
        public SignedUp createAccount(NewAccount account, @Nullable Tier tier) {
            var made = new Account(
                    UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                    account.email(),
                    account.name(),
                    tier == null ? Tier.TEAM : tier,
                    NOW);
            accounts.add(made);
            return new SignedUp(made, "ctx_first");
        }

        @Override
        public List<Account> listAccounts() {
            return accounts;
        }

        @Override
        public Account setTier(String idOrEmail, Tier tier) {
            for (Account account : accounts) {
                if (account.email().equals(idOrEmail)) {
                    return new Account(account.id(), account.email(), account.name(), tier, account.createdAt());
                }
            }
            throw new MemoryException(ErrorCode.NOT_FOUND, "Account not found.");
        }

        @Override
        public TaskStatus run(StoreTask task, Consumer<TaskStatus> progress) {
            tasks.add(task);
            outcomes.subList(0, outcomes.size() - 1).forEach(progress);
            return outcomes.getLast();
        }

        @Override
        public void close() {
            operatorClosed = true;
        }
    }
}
