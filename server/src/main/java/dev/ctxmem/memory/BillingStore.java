package dev.ctxmem.memory;

import dev.ctxmem.core.Tier;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What is kept about payments: which customer of the payment service an account is, and which events were
/// taken. The same rules of durability as [AccountStore].
public interface BillingStore {
    Optional<Customer> customer(UUID account);

    Optional<Customer> customer(String customerId);

    /// Makes `customerId` the account's customer unless it has one, and returns the one it has now. NOT_FOUND
    /// for the account; ALREADY_EXISTS when the customer is another account's.
    Customer linkCustomer(UUID account, String customerId);

    /// Whether an event was applied before.
    boolean isEventTaken(String eventId);

    /// In one transaction: notes the event, and moves the account to the event's tier. Nothing of it happens
    /// when the event was taken before, or when the customer's revision is no longer the one that was `seen`.
    /// Events older than `forgetBefore` are forgotten.
    Outcome applyEvent(Event event, Customer seen, Instant forgetBefore);

    /// An account as the payment service knows it. `revision` counts the events that were applied to it.
    record Customer(UUID account, String id, long revision) {}

    /// An event, and the tier that its account has by it. `createdAt` is the payment service's time, in seconds.
    record Event(String id, String type, Instant createdAt, Instant takenAt, Tier tier) {}

    /// What became of an event.
    enum Outcome {
        APPLIED,
        TAKEN_BEFORE,
        /// Another event came in between: look again.
        OVERTAKEN
    }
}
