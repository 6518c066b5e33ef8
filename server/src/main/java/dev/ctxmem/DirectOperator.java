package dev.ctxmem;

import dev.ctxmem.archive.ArchiveReader;
import dev.ctxmem.cli.Operator;
import dev.ctxmem.client.SignedUp;
import dev.ctxmem.config.Config;
import dev.ctxmem.config.ConfigException;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The operator on the data itself, while no server runs. The store is opened when it is first needed, so that one
/// that cannot be opened any more can still be restored.
final class DirectOperator implements Operator {
    private final Config config;
    private final String version;
    private final InstantSource clock;
    private App.@Nullable OpenAccounts opened;

    DirectOperator(Config config, String version, InstantSource clock) {
        this.config = config;
        this.version = version;
        this.clock = clock;
    }

    @Override
    public SignedUp createAccount(NewAccount account, @Nullable Tier tier) {
        Accounts.Signup made = opened().accounts().create(account, tier);
        return new SignedUp(made.account(), made.key().token());
    }

    @Override
    public List<Account> listAccounts() {
        return opened().accounts().all();
    }

    @Override
    public Account setTier(String idOrEmail, Tier tier) {
        return opened().accounts().setTier(idOrEmail, tier);
    }

    @Override
    public TaskStatus run(StoreTask task, Consumer<TaskStatus> progress) {
        if (config.store().database().isEmpty()
                && task instanceof StoreTask.Restore restore
                && !ArchiveReader.looksLikeOne(Path.of(restore.file()))) {
            return configured(
                    () -> new TaskRunner((wanted, told) -> EmbeddedRestore.run(config, restore, told), UUID::randomUUID)
                            .runHere(task, progress));
        }
        return opened().tasks().runHere(task, progress);
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private App.OpenAccounts opened() {
        App.OpenAccounts now = opened;
        if (now == null) {
            now = configured(() -> App.accounts(config, version, clock));
            opened = now;
        }
        return now;
    }

    /// UNAVAILABLE where the configuration or the data does not let us.
    private static <T> T configured(Supplier<T> work) {
        try {
            return work.get();
        } catch (ConfigException e) {
            throw new MemoryException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
