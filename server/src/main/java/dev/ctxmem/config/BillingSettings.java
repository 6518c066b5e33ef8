package dev.ctxmem.config;

import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Tier;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads what [BillingConfig] holds.
final class BillingSettings {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Settings settings;
    private final List<String> problems;

    BillingSettings(Settings settings, List<String> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /// Empty without Stripe's two secrets; one of them alone is a problem.
    Optional<BillingConfig> read() {
        Optional<String> key = settings.text(Key.STRIPE_SECRET_KEY);
        Optional<String> webhookSecret = settings.text(Key.STRIPE_WEBHOOK_SECRET);
        if (key.isEmpty() && webhookSecret.isEmpty()) {
            return Optional.empty();
        }
        if (key.isEmpty() || webhookSecret.isEmpty()) {
            problems.add("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are needed together:"
                    + " without both, payments would not reach the accounts.");
            return Optional.empty();
        }
        Map<String, Tier> prices = prices();
        Optional<URI> success = url(Key.STRIPE_SUCCESS_URL);
        Optional<URI> cancel = url(Key.STRIPE_CANCEL_URL);
        if (!prices.isEmpty() && (success.isEmpty() || cancel.isEmpty())) {
            problems.add("STRIPE_PRICES needs STRIPE_SUCCESS_URL and STRIPE_CANCEL_URL, where customers come back to.");
        }
        URI base = url(Key.STRIPE_API_BASE).orElseThrow();
        if (!"https".equals(base.getScheme()) && !LOOPBACK.contains(base.getHost())) {
            problems.add("STRIPE_API_BASE must be an https URL: the secret key is sent there.");
        }
        return Optional.of(new BillingConfig(key.get(), webhookSecret.get(), prices, success, cancel, base));
    }

    private Map<String, Tier> prices() {
        var prices = new LinkedHashMap<String, Tier>();
        for (String item : settings.list(Key.STRIPE_PRICES)) {
            int equals = item.indexOf('=');
            try {
                if (equals > 0) {
                    prices.put(
                            item.substring(0, equals).strip(),
                            Tier.named(item.substring(equals + 1).strip()));
                    continue;
                }
            } catch (MemoryException e) {
                // Told below, as for a pair that is none.
            }
            problems.add("STRIPE_PRICES must be price ids with tiers, like price_123=pro,price_456=team.");
        }
        return prices;
    }

    private Optional<URI> url(Key key) {
        Optional<String> text = settings.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = URI.create(text.get());
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // Told below, as for a URL of another kind.
        }
        problems.add(key + " must be an http or https URL.");
        return key.defaultText().map(URI::create);
    }
}
