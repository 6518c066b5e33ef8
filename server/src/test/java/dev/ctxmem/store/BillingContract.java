package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.BillingStore.Customer;
import dev.ctxmem.memory.BillingStore.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Customers of the payment service, and each event once.
abstract class BillingContract extends StoreTopic {
    BillingContract(StoreUnderTest store) {
        super(store);
    }

    private Event event(String id, Tier tier) {
        return new Event(id, "customer.subscription.updated", START.minusSeconds(9), clock.instant(), tier);
    }

    private BillingStore.Outcome apply(Event event, Customer seen) {
        return billing.applyEvent(event, seen, Instant.EPOCH);
    }

    private Tier tier() {
        return accounts.account(alice.account()).orElseThrow().tier();
    }

    @Test
    void aCustomer_isLinkedOnce() {
        assertEquals(Optional.empty(), billing.customer(alice.account()));
        assertEquals(Optional.empty(), billing.customer("cus_1"));

        Customer linked = billing.linkCustomer(alice.account(), "cus_1");

        assertEquals(new Customer(alice.account(), "cus_1", 0), linked);
        assertEquals(linked, billing.linkCustomer(alice.account(), "cus_2"));
        assertEquals(Optional.of(linked), billing.customer(alice.account()));
        assertEquals(Optional.of(linked), billing.customer("cus_1"));
        assertEquals(Optional.empty(), billing.customer("CUS_1"));
        assertFails(ErrorCode.ALREADY_EXISTS, () -> billing.linkCustomer(bob.account(), "cus_1"));
        assertFails(ErrorCode.NOT_FOUND, () -> billing.linkCustomer(UUID.randomUUID(), "cus_3"));
    }

    @Test
    void linkCustomer_givesEveryoneTheSame() {
        var outcomes = together(20, i -> billing.linkCustomer(alice.account(), "cus_" + i));

        assertEquals(20, count(outcomes, null));
        assertEquals(1, outcomes.stream().distinct().count());
    }

    @Test
    void anEvent_movesTheAccountOnce() {
        Customer seen = billing.linkCustomer(alice.account(), "cus_1");

        assertEquals(BillingStore.Outcome.APPLIED, apply(event("evt_1", Tier.FREE), seen));
        assertEquals(Tier.FREE, tier());
        accounts.setTier(alice.account(), Tier.PRO);
        Customer now = billing.customer("cus_1").orElseThrow();
        assertEquals(1, now.revision());
        assertEquals(BillingStore.Outcome.TAKEN_BEFORE, apply(event("evt_1", Tier.FREE), now));
        assertEquals(Tier.PRO, tier());
        assertEquals(true, billing.isEventTaken("evt_1"));
        assertEquals(false, billing.isEventTaken("evt_2"));
        reopen();
        assertEquals(true, billing.isEventTaken("evt_1"));
        assertEquals(Optional.of(now), billing.customer("cus_1"));
    }

    @Test
    void anEventThatWasOvertaken_changesNothing() {
        Customer seen = billing.linkCustomer(alice.account(), "cus_1");
        apply(event("evt_1", Tier.PRO), seen);

        assertEquals(BillingStore.Outcome.OVERTAKEN, apply(event("evt_2", Tier.FREE), seen));

        assertEquals(Tier.PRO, tier());
        assertEquals(false, billing.isEventTaken("evt_2"));
    }

    @Test
    void ofManyAtOnce_oneIsApplied() {
        Customer seen = billing.linkCustomer(alice.account(), "cus_1");

        var outcomes = together(30, i -> apply(event("evt_" + i % 3, Tier.PRO), seen));

        assertEquals(
                1,
                outcomes.stream()
                        .filter(outcome -> outcome.result() == BillingStore.Outcome.APPLIED)
                        .count());
        assertEquals(1, billing.customer("cus_1").orElseThrow().revision());
    }

    @Test
    void oldEvents_areForgotten() {
        apply(event("evt_old", Tier.PRO), billing.linkCustomer(alice.account(), "cus_1"));
        clock.advance(Duration.ofDays(31));

        billing.applyEvent(
                event("evt_new", Tier.PRO),
                billing.customer("cus_1").orElseThrow(),
                clock.instant().minus(Duration.ofDays(30)));

        assertEquals(false, billing.isEventTaken("evt_old"));
        assertEquals(true, billing.isEventTaken("evt_new"));
    }
}
