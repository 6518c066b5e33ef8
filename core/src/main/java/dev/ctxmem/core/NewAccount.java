package dev.ctxmem.core;

import org.jspecify.annotations.Nullable;

/// What an account is made from. `email` is a label for people, compared without regard to case; nothing is
/// ever sent to it.
public record NewAccount(String email, @Nullable String name) {
    public NewAccount {
        Text.line(email, "/email", 3, Limits.EMAIL_CHARACTERS_MAX);
        int at = email.indexOf('@');
        if (at < 1 || at == email.length() - 1 || email.contains(" ")) {
            throw MemoryException.invalid("/email", "must look like name@host");
        }
        Text.optionalLine(name, "/name", Limits.NAME_CHARACTERS_MAX);
    }
}
