package dev.ctxmem.http;

import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Billing;
import java.net.URI;
import java.util.Optional;

/// `/v1/billing` and `/webhooks/stripe`; a server without billing answers that there is nothing here.
final class BillingRoutes {
    private static final String SIGNATURE = "Stripe-Signature";

    private final Optional<Billing> billing;

    BillingRoutes(Optional<Billing> billing) {
        this.billing = billing;
    }

    Answer checkout(Call call) {
        return page(
                billing().checkout(call.principal(), Tier.named(call.fields().string("tier"))));
    }

    Answer portal(Call call) {
        return page(billing().portal(call.principal()));
    }

    Answer webhook(Call call) {
        billing().take(call.body(), call.header(SIGNATURE));
        return Answer.ok(new JsonWriter().beginObject().member("received", true).endObject());
    }

    private Billing billing() {
        return billing.orElseThrow(() -> MemoryException.notFound("Billing"));
    }

    private static Answer page(URI url) {
        return Answer.ok(
                new JsonWriter().beginObject().member("url", url.toString()).endObject());
    }
}
