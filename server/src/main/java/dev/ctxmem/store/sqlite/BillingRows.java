package dev.ctxmem.store.sqlite;

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
            """;

    private static final String TAKEN = """
            select count(*)
            from billing_events
            where id = :id
            """;

    private static final String ADVANCE = """
            update billing_customers
            set revision = revision + 1
            where account_id = :account and revision = :seen
            """;

    private static final String NOTE = """
            insert into billing_events (id, account_id, type, tier_before, tier, created_at, taken_at)
            select :id, a.id, :type, a.tier, :tier, :created_at, :taken_at
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

    static Customer link(Transaction transaction, UUID account, String customerId) {
        AccountRows.requireExisting(transaction, account);
        Customer present = transaction.first(OF_ACCOUNT, BillingRows::read, account);
        if (present != null) {
            return present;
        }
        if (transaction.first(OF_ID, BillingRows::read, customerId) != null) {
            throw new MemoryException(ErrorCode.ALREADY_EXISTS, "The customer belongs to another account.");
        }
        transaction.update(LINK, account, customerId);
        return new Customer(account, customerId, 0);
    }

    static Outcome apply(Transaction transaction, Event event, Customer seen, Instant forgetBefore) {
        if (transaction.number(TAKEN, event.id()) > 0) {
            return Outcome.TAKEN_BEFORE;
        }
        if (transaction.update(ADVANCE, seen.account(), seen.revision()) == 0) {
            return Outcome.OVERTAKEN;
        }
        transaction.update(
                NOTE,
                event.id(),
                event.type(),
                event.tier().wireName(),
                event.createdAt().toEpochMilli(),
                event.takenAt().toEpochMilli(),
                seen.account());
        AccountRows.setTier(transaction, seen.account(), event.tier());
        transaction.update(FORGET, forgetBefore.toEpochMilli());
        return Outcome.APPLIED;
    }

    private static Customer read(Row row) {
        return new Customer(row.uuid(), row.text(), row.number());
    }
}
