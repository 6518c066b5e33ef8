package dev.ctxmem.billing;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is read of an event: that something happened to a customer. What it is now is asked of Stripe, since
/// events come late, twice, and in any order. A null `customer` is an event about nobody.
record StripeEvent(
        String id, String type, Instant createdAt, @Nullable String customer) {
    private static final Set<String> ABOUT_SUBSCRIPTIONS = Set.of(
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.deleted",
            "invoice.payment_succeeded",
            "invoice.payment_failed");

    private static final int ID_CHARACTERS_MAX = 255;

    /// MALFORMED_JSON and the like; MALFORMED_REQUEST for what is no event.
    static StripeEvent parse(byte[] body) {
        Json event = Json.parseBody(body);
        String id = text(event, "id").orElseThrow(StripeEvent::noEvent);
        if (id.isEmpty() || id.length() > ID_CHARACTERS_MAX) {
            throw noEvent();
        }
        Json object = member(member(event, "data"), "object");
        return new StripeEvent(
                id,
                text(event, "type").orElseThrow(StripeEvent::noEvent),
                Instant.ofEpochSecond(StripeJson.number(event, "created").orElseThrow(StripeEvent::noEvent)),
                StripeJson.reference(object, "customer").orElse(null));
    }

    /// Whether it can change what an account may use.
    boolean isAboutSubscriptions() {
        return customer != null && ABOUT_SUBSCRIPTIONS.contains(type);
    }

    private static Json member(Json object, String name) {
        return StripeJson.member(object, name).orElseThrow(StripeEvent::noEvent);
    }

    private static Optional<String> text(Json object, String name) {
        return StripeJson.text(object, name);
    }

    private static MemoryException noEvent() {
        return new MemoryException(ErrorCode.MALFORMED_REQUEST, "The body is not an event of Stripe.");
    }
}
