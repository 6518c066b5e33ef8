package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.AccountStore;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The first account of an empty server.
abstract class SignupContract extends StoreTopic {
    SignupContract(StoreUnderTest store) {
        super(store);
    }

    @Override
    void prepare() {
        // The server stays empty.
    }

    private void signUp(String email) {
        var account = new Account(UUID.randomUUID(), email, null, Tier.TEAM, clock.instant());
        accounts.createAccount(account, key(account.id(), "first"), true);
    }

    @Test
    void onlyOneOfFiftyAtOnce_getsIn() {
        var outcomes = together(50, i -> {
            signUp("user" + i + "@example.com");
            return true;
        });

        assertEquals(1, count(outcomes, null));
        assertEquals(49, count(outcomes, ErrorCode.SIGNUP_CLOSED));
        assertEquals(1, accounts.accounts().size());
    }

    @Test
    void localAccounts_doNotCount() {
        var local = new Account(UUID.randomUUID(), AccountStore.LOCAL_EMAIL, null, Tier.TEAM, clock.instant());
        accounts.createAccount(local, key(local.id(), "local"), false);

        signUp("first@example.com");
        assertFails(ErrorCode.SIGNUP_CLOSED, () -> signUp("second@example.com"));
    }

    @Test
    void anAccountMadeByTheOperator_closesSignup() {
        newAccount("operator@example.com");

        assertFails(ErrorCode.SIGNUP_CLOSED, () -> signUp("first@example.com"));
    }

    @Test
    void aClosedSignup_staysClosedAfterReopening() {
        signUp("first@example.com");
        reopen();

        assertFails(ErrorCode.SIGNUP_CLOSED, () -> signUp("second@example.com"));
        newAccount("by-the-operator@example.com");
        assertEquals(2, accounts.accounts().size());
    }
}
