package dev.ctxmem.billing;

import dev.ctxmem.config.BillingConfig;
import dev.ctxmem.core.Account;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Billing;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.BillingStore.Customer;
import dev.ctxmem.memory.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Billing by Stripe. An event says only that something changed; the tier follows from the subscriptions that
/// Stripe lists at that moment, so that it does not matter in which order events come, or how often.
public final class StripeBilling implements Billing, AutoCloseable {
    private static final Logger LOG = System.getLogger(StripeBilling.class.getName());

    /// Stripe sends an event again for three days.
    private static final Duration EVENTS_KEPT = Duration.ofDays(30);

    /// Events of one customer that overtake each other; more come later by themselves.
    private static final int ATTEMPTS_MAX = 5;

    private final BillingConfig config;
    private final BillingStore store;
    private final Accounts accounts;
    private final InstantSource clock;
    private final StripeSignature signatures;
    private final StripeApi api;

    public StripeBilling(BillingConfig config, BillingStore store, Accounts accounts, InstantSource clock) {
        this.config = config;
        this.store = store;
        this.accounts = accounts;
        this.clock = clock;
        this.signatures = new StripeSignature(config.webhookSecret(), clock);
        this.api = new StripeApi(config.apiBase(), config.secretKey());
    }

    @Override
    public URI checkout(Principal caller, Tier tier) {
        caller.require(Scope.ADMIN);
        String price = config.prices().entrySet().stream()
                .filter(sold -> sold.getValue() == tier)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElseThrow(() -> MemoryException.invalid("/tier", "is not for sale on this server"));
        String account = caller.account().toString();
        Customer customer = store.customer(caller.account()).orElseGet(() -> newCustomer(caller.account()));
        if (api.subscriptions(customer.id()).stream().anyMatch(Subscription::isLive)) {
            throw new MemoryException(
                    ErrorCode.ALREADY_EXISTS,
                    "The account has a subscription; POST /v1/billing/portal leads to the page where it is changed.");
        }
        return api.checkout(
                customer.id(),
                account,
                price,
                config.successUrl().orElseThrow(),
                config.cancelUrl().orElseThrow());
    }

    @Override
    public URI portal(Principal caller) {
        caller.require(Scope.ADMIN);
        Customer customer =
                store.customer(caller.account()).orElseThrow(() -> MemoryException.notFound("Subscription"));
        return api.portal(customer.id(), config.cancelUrl().orElse(null));
    }

    @Override
    public void take(byte[] body, @Nullable String signature) {
        signatures.check(body, signature);
        StripeEvent event = StripeEvent.parse(body);
        if (!event.isAboutSubscriptions() || store.isEventTaken(event.id())) {
            return;
        }
        String customer = Objects.requireNonNull(event.customer());
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (isDone(event, customer)) {
                return;
            }
        }
        throw MemoryException.retryLater(
                ErrorCode.BILLING_UNAVAILABLE, "Other events of this customer came in between.", Duration.ofSeconds(5));
    }

    /// Whether the event is taken or of no interest; if not, look again. What is known of the customer is read
    /// before Stripe is asked: an answer older than the last change is then not written over it.
    private boolean isDone(StripeEvent event, String customerId) {
        Optional<Customer> known = store.customer(customerId);
        List<Subscription> subscriptions = api.subscriptions(customerId);
        if (known.isEmpty()) {
            return !linkByMetadata(customerId, subscriptions);
        }
        Customer customer = known.get();
        Account account = accounts.account(customer.account()).orElseThrow();
        Tier tier = Subscription.tier(subscriptions, config.prices()).orElseGet(() -> {
            LOG.log(
                    Level.ERROR,
                    "Account " + account.id()
                            + " pays for a price that STRIPE_PRICES does not name; it keeps its tier.");
            return account.tier();
        });
        var change = new BillingStore.Event(event.id(), event.type(), event.createdAt(), clock.instant(), tier);
        return switch (store.applyEvent(change, customer, clock.instant().minus(EVENTS_KEPT))) {
            case APPLIED -> {
                accounts.forgetTiers();
                yield true;
            }
            case TAKEN_BEFORE -> true;
            case OVERTAKEN -> false;
        };
    }

    /// A customer whose account the store does not know any more, as after an older backup; false for one that
    /// is none of ours.
    private boolean linkByMetadata(String customerId, List<Subscription> subscriptions) {
        Optional<UUID> account = subscriptions.stream()
                .flatMap(subscription -> Optional.ofNullable(subscription.account()).stream())
                .findFirst()
                .flatMap(StripeBilling::uuid)
                .filter(id -> accounts.account(id).isPresent());
        return account.isPresent()
                && store.linkCustomer(account.get(), customerId).id().equals(customerId);
    }

    private Customer newCustomer(UUID id) {
        Account account = accounts.account(id).orElseThrow(() -> MemoryException.notFound("Account"));
        // Stripe refuses addresses of no public host, like the default one of signup.
        boolean isPublic = account.email().indexOf('.', account.email().indexOf('@')) > 0;
        return store.linkCustomer(id, api.createCustomer(id.toString(), isPublic ? account.email() : null));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
