package dev.ctxmem.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionTest {
    private static final Map<String, Tier> PRICES = Map.of("price_pro", Tier.PRO, "price_team", Tier.TEAM);

    @ParameterizedTest
    @CsvSource({
        "active,PRO",
        "trialing,PRO",
        "past_due,PRO",
        "incomplete,FREE",
        "incomplete_expired,FREE",
        "unpaid,FREE",
        "canceled,FREE",
        "paused,FREE",
        "of_the_future,FREE"
    })
    void theStatusDecides(String status, Tier tier) {
        assertEquals(Optional.of(tier), tier(new Subscription(status, List.of("price_pro"), null)));
    }

    @Test
    void theLargestTierCounts() {
        assertEquals(
                Optional.of(Tier.TEAM),
                tier(
                        new Subscription("active", List.of("price_pro"), null),
                        new Subscription("active", List.of("price_other", "price_team"), null)));
    }

    @Test
    void noSubscription_isFree() {
        assertEquals(Optional.of(Tier.FREE), tier());
    }

    @Test
    void aPriceThatNobodyKnows_takesNothingAway() {
        assertEquals(Optional.empty(), tier(new Subscription("active", List.of("price_other"), null)));
    }

    private static Optional<Tier> tier(Subscription... subscriptions) {
        return Subscription.tier(List.of(subscriptions), PRICES);
    }
}
