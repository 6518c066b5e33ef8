package dev.ctxmem.memory;

import dev.ctxmem.core.Tier;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Accounts that pay for their tier. Nothing that stores or finds memories waits for it. Thread-safe.
public interface Billing {
    /// A page of the payment service where the caller's account buys `tier`. INSUFFICIENT_SCOPE;
    /// INVALID_VALUE for a tier that is not for sale; ALREADY_EXISTS when the account has a subscription;
    /// BILLING_UNAVAILABLE.
    URI checkout(Principal caller, Tier tier);

    /// A page of the payment service where the caller changes or ends its subscription. INSUFFICIENT_SCOPE;
    /// NOT_FOUND when the account never paid; BILLING_UNAVAILABLE.
    URI portal(Principal caller);

    /// Takes an event of the payment service: its body as it came over the wire, and the header that signs it.
    /// What it changes is durable on return; taken twice, it changes nothing the second time. BAD_SIGNATURE;
    /// BILLING_UNAVAILABLE, for the service to send it again.
    void take(byte[] body, @Nullable String signature);
}
