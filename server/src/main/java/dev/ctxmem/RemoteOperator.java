package dev.ctxmem;

import dev.ctxmem.cli.Operator;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.OperatorClient;
import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.core.Tier;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The operator through the server that runs on this machine: it alone may touch the embedded store.
final class RemoteOperator implements Operator {
    private static final Duration POLL_PAUSE = Duration.ofMillis(200);

    private final OperatorClient client;

    RemoteOperator(LocalServer server) {
        client = new OperatorClient(Endpoint.at(server.url().toString()), server.operatorKey());
    }

    @Override
    public SignedUp createAccount(NewAccount account, @Nullable Tier tier) {
        return client.createAccount(account, tier);
    }

    @Override
    public List<Account> listAccounts() {
        return client.accounts();
    }

    @Override
    public Account setTier(String idOrEmail, Tier tier) {
        return client.setTier(idOrEmail, tier);
    }

    @Override
    public TaskStatus run(StoreTask task, Consumer<TaskStatus> progress) {
        TaskStatus status = client.start(task);
        while (status.state() == TaskStatus.State.RUNNING) {
            progress.accept(status);
            try {
                Thread.sleep(POLL_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return status;
            }
            status = client.task(status.id());
        }
        return status;
    }

    @Override
    public void close() {
        client.close();
    }
}
