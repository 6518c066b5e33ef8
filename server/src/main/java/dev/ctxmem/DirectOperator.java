package dev.ctxmem;

import dev.ctxmem.cli.Operator;
import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operator on the data itself, while no server runs.
final class DirectOperator implements Operator {
    private final App.OpenAccounts opened;

    DirectOperator(App.OpenAccounts opened) {
        this.opened = opened;
    }

    @Override
    public SignedUp createAccount(NewAccount account, @Nullable Tier tier) {
        Accounts.Signup made = opened.accounts().create(account, tier);
        return new SignedUp(made.account(), made.key().token());
    }

    @Override
    public List<Account> listAccounts() {
        return opened.accounts().all();
    }

    @Override
    public Account setTier(String idOrEmail, Tier tier) {
        return opened.accounts().setTier(idOrEmail, tier);
    }

    @Override
    public void close() {
        opened.close();
    }
}
