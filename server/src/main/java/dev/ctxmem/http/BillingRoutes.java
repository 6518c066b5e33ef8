package dev.ctxmem.http;

import dev.ctxmem.core.MemoryException;

/// `/webhooks/stripe`.
final class BillingRoutes {
    /// The answer of a server without billing: there is nothing here.
    static final Route.Handler OFF = call -> {
        throw MemoryException.notFound("Billing");
    };

    private BillingRoutes() {}
}
