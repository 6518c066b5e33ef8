package dev.ctxmem.cli;

import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What only the one who runs the server may do, on its data and without a key. Throws
/// [dev.ctxmem.core.MemoryException].
public interface Operator extends AutoCloseable {
    /// Makes an account and its first key, whether signup is open or not. A null `tier` is the one that signup
    /// gives. ALREADY_EXISTS.
    SignedUp createAccount(NewAccount account, @Nullable Tier tier);

    /// Oldest first.
    List<Account> listAccounts();

    /// Moves the account to `tier` and returns it as it is now. NOT_FOUND.
    Account setTier(String idOrEmail, Tier tier);

    /// Has a task done and returns how it ended; `progress` is told meanwhile.
    TaskStatus run(StoreTask task, Consumer<TaskStatus> progress);

    @Override
    void close();
}
