package dev.ctxmem.client;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What only the one who runs a server may do, with the operator key that the server keeps beside its data.
/// Fails as [HttpMemories] does. Thread-safe.
public final class OperatorClient implements AutoCloseable {
    private final Transport transport;

    public OperatorClient(Endpoint endpoint, String operatorKey) {
        transport = new Transport(endpoint, operatorKey, answer -> {});
    }

    /// Makes an account and its first key, whether signup is open or not. A null `tier` is the one that signup
    /// gives.
    public SignedUp createAccount(NewAccount account, @Nullable Tier tier) {
        JsonWriter body = new JsonWriter().beginObject().member("email", account.email());
        if (account.name() != null) {
            body.member("name", account.name());
        }
        if (tier != null) {
            body.member("tier", tier.wireName());
        }
        Json answer = transport.post(Paths.OPERATOR_ACCOUNTS, body.endObject()).body();
        return Answers.read(answer, Answers::signedUp);
    }

    /// Oldest first.
    public List<Account> accounts() {
        return Answers.read(transport.get(Paths.OPERATOR_ACCOUNTS).body(), Answers::accounts);
    }

    /// Moves the account to `tier` and returns it as it is now. NOT_FOUND; INVALID_VALUE for an e-mail of
    /// several.
    public Account setTier(String idOrEmail, Tier tier) {
        JsonWriter body =
                new JsonWriter().beginObject().member("tier", tier.wireName()).endObject();
        String path = Paths.operatorAccount(idOrEmail);
        return Answers.read(transport.put(path, body).body(), in -> Answers.account(in.object("account")));
    }

    /// Begins a task, which goes on behind the answer. OVERLOADED while another one runs.
    public TaskStatus start(StoreTask task) {
        return Answers.read(transport.post(Paths.OPERATOR_TASKS, task.write()).body(), Answers::task);
    }

    /// NOT_FOUND.
    public TaskStatus task(UUID id) {
        return Answers.read(transport.get(Paths.OPERATOR_TASKS + "/" + id).body(), Answers::task);
    }

    @Override
    public void close() {
        transport.close();
    }
}
