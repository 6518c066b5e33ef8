package dev.ctxmem.client;

import dev.ctxmem.core.Account;

/// A new account at the only moment its first key is known.
public record SignedUp(Account account, String apiKey) {
    /// Never prints the key.
    @Override
    public String toString() {
        return "SignedUp[" + account.email() + "]";
    }
}
