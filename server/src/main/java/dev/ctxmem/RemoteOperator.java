package dev.ctxmem;

import dev.ctxmem.cli.Operator;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.OperatorClient;
import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operator through the server that runs on this machine: it alone may touch the embedded store.
final class RemoteOperator implements Operator {
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
    public void close() {
        client.close();
    }
}
