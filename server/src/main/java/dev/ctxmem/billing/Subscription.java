package dev.ctxmem.billing;

import dev.ctxmem.core.Json;
import dev.ctxmem.core.Tier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A subscription as Stripe has it now. `account` is the one it was bought for, where it was bought through us.
record Subscription(
        String status, List<String> prices, @Nullable String account) {
    /// Paid, or about to be: while it is past due Stripe goes on trying, and the customer keeps what it has.
    private static final Set<String> LIVE = Set.of("active", "trialing", "past_due");

    Subscription {
        prices = List.copyOf(prices);
    }

    static Subscription of(Json object) {
        List<String> prices = StripeJson.member(object, "items")
                .flatMap(items -> StripeJson.member(items, "data"))
                .filter(Json::isArray)
                .map(Json::elements)
                .orElse(List.of())
                .stream()
                .flatMap(item -> StripeJson.reference(item, "price").stream())
                .toList();
        String account = StripeJson.member(object, "metadata")
                .flatMap(metadata -> StripeJson.text(metadata, StripeApi.ACCOUNT))
                .orElse(null);
        return new Subscription(StripeJson.text(object, "status").orElse(""), prices, account);
    }

    boolean isLive() {
        return LIVE.contains(status);
    }

    /// The largest tier that is paid for, `free` when nothing is. Empty when what is paid for are prices that
    /// the configuration does not name: then nobody knows, and nothing may be taken away.
    static Optional<Tier> tier(List<Subscription> subscriptions, Map<String, Tier> prices) {
        List<Subscription> live =
                subscriptions.stream().filter(Subscription::isLive).toList();
        if (live.isEmpty()) {
            return Optional.of(Tier.FREE);
        }
        return live.stream()
                .flatMap(subscription -> subscription.prices.stream())
                .map(prices::get)
                .filter(Objects::nonNull)
                .max(Tier::compareTo);
    }
}
