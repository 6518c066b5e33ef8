package dev.ctxmem.config;

import dev.ctxmem.memory.SignupRule;
import dev.ctxmem.memory.Tiers;
import java.util.Optional;

/// Who may sign up, what the tiers allow, and the operator's peppers for API keys.
public record AccountsConfig(SignupRule signup, Tiers tiers, Optional<String> salt, Optional<String> previousSalt) {
    /// Never prints the peppers.
    @Override
    public String toString() {
        return "AccountsConfig[" + signup + "]";
    }
}
