package dev.ctxmem.store.postgres;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.BillingStore.Customer;
import dev.ctxmem.memory.BillingStore.Event;
import dev.ctxmem.memory.BillingStore.Outcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Customers of the payment service, and the events that were taken.
final class BillingRows {
    private static final String COLUMNS = "select account_id, customer_id, revision from billing_customers ";
    private static final String OF_ACCOUNT = COLUMNS + "where account_id = :account";
    private static final String OF_ID = COLUMNS + "where customer_id = :customer";

    private static final String LINK = """
            insert into billing_customers (account_id, customer_id)
            values (:account, :customer)
            on conflict (customer_id) do nothing
            """;

    private static final String TAKEN = """
            select count(*)
            from billing_events
            where id = :id
            """;

    /// Two events at once both wait here; the second then finds another revision.
    private static final String ADVANCE = """
            update billing_customers
            set revision = revision + 1
            where account_id = :account and revision = :seen
            """;

    private static final String NOTE = """
            insert into billing_events (account_id, id, type, tier_before, tier, created_at, taken_at)
            select a.id, :id, :type, a.tier, :tier, :created_at, :taken_at
            from accounts a
            where a.id = :account
            """;

    private static final String FORGET = """
            delete from billing_events
            where taken_at < :before
            """;

    private BillingRows() {}

    static @Nullable Customer ofAccount(Session session, UUID account) {
        return session.first(OF_ACCOUNT, BillingRows::read, account);
    }

    static @Nullable Customer ofId(Session session, String customerId) {
        return session.first(OF_ID, BillingRows::read, customerId);
    }

    static boolean isTaken(Session session, String eventId) {
        return session.number(TAKEN, eventId) > 0;
    }

    /// In a transaction, in which the account is locked.
    static Customer link(Session session, UUID account, String customerId) {
        AccountRows.lock(session, account);
        Customer present = ofAccount(session, account);
        if (present != null) {
            return present;
        }
        if (session.update(LINK, account, customerId) == 0) {
            throw new MemoryException(ErrorCode.ALREADY_EXISTS, "The customer belongs to another account.");
        }
        return new Customer(account, customerId, 0);
    }

    /// In a transaction.
    static Outcome apply(Session session, Event event, Customer seen, Instant forgetBefore) {
        if (isTaken(session, event.id())) {
            return Outcome.TAKEN_BEFORE;
        }
        if (session.update(ADVANCE, seen.account(), seen.revision()) == 0) {
            return Outcome.OVERTAKEN;
        }
        session.update(
                NOTE,
                event.id(),
                event.type(),
                event.tier().wireName(),
                event.createdAt(),
                event.takenAt(),
                seen.account());
        AccountRows.setTier(session, seen.account(), event.tier());
        session.update(FORGET, forgetBefore);
        return Outcome.APPLIED;
    }

    private static Customer read(Row row) {
        return new Customer(row.uuid(), row.text(), row.number());
    }
}
