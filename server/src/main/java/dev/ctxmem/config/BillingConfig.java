package dev.ctxmem.config;

import dev.ctxmem.core.Tier;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// How accounts pay, by Stripe. `prices` maps Stripe's price ids to tiers; without any, nothing is for sale.
/// Both URLs are there when something is.
public record BillingConfig(
        String secretKey,
        String webhookSecret,
        Map<String, Tier> prices,
        Optional<URI> successUrl,
        Optional<URI> cancelUrl,
        URI apiBase) {
    public BillingConfig {
        prices = Map.copyOf(prices);
    }

    /// Never prints the secrets.
    @Override
    public String toString() {
        return "BillingConfig[" + prices + "]";
    }
}
