package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.billing.FakeStripe;
import dev.ctxmem.config.BillingConfig;
import dev.ctxmem.core.Tier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Paying for a tier, with Stripe's events signed by Stripe's library and its API on loopback.
class ContractBillingTest {
    private static final String CREATED = "customer.subscription.created";
    private static final String UPDATED = "customer.subscription.updated";
    private static final String DELETED = "customer.subscription.deleted";
    private static final String PAID = "invoice.payment_succeeded";
    private static final String UNPAID = "invoice.payment_failed";

    private static final String EVENTS =
            "select id || ' ' || tier_before || ' ' || tier from billing_events order by taken_at, id";

    private FakeStripe stripe;
    private TestServer server;
    private Api api;
    private String customer;

    @BeforeEach
    void start() {
        stripe = new FakeStripe();
        server = TestServer.with()
                .billing(new BillingConfig(
                        FakeStripe.KEY,
                        FakeStripe.WEBHOOK_SECRET,
                        Map.of("price_pro", Tier.PRO, "price_team", Tier.TEAM),
                        Optional.of(URI.create("https://app.test/paid")),
                        Optional.of(URI.create("https://app.test/back")),
                        stripe.url()))
                .start();
        api = server.newcomer();
        customer = "cus_" + "ctx-customer-".replace("-", "") + account().replace("-", "");
    }

    @AfterEach
    void stop() {
        api.close();
        server.close();
        stripe.close();
    }

    private String account() {
        return api.get("/v1/account").at("/account/id");
    }

    private String tier() {
        server.clock().advance(Duration.ofSeconds(6));
        return api.get("/v1/account").at("/account/tier");
    }

    private Reply checkout(String tier) {
        return api.post("/v1/billing/checkout", "{\"tier\":\"" + tier + "\"}");
    }

    private Reply send(String id, String type) {
        return send(FakeStripe.event(id, type, customer, server.clock().instant()));
    }

    private Reply send(String body) {
        return deliver(
                body,
                FakeStripe.sign(body, FakeStripe.WEBHOOK_SECRET, server.clock().instant()));
    }

    private Reply deliver(String body, String signature) {
        server.clock().advance(Duration.ofSeconds(1));
        return api.with(null).post("/webhooks/stripe", body, "Stripe-Signature: " + signature);
    }

    private void taken(Reply reply) {
        assertEquals("{\"received\":true}", reply.text());
    }

    @Test
    void theLifeOfASubscription_movesTheAccountAndItsLimits() {
        assertEquals("free", tier());
        Reply page = checkout("pro");
        assertEquals("https://stripe.test/v1/checkout/sessions", page.at("/url"));
        assertEquals(customer, stripe.customerOf(account()));
        assertEquals("free", tier());

        stripe.subscribe("sub_1", customer, "price_pro");
        taken(send("evt_1", CREATED));
        taken(send("evt_2", PAID));
        assertEquals("pro", tier());
        assertEquals(
                10, api.get("/v1/account").json().at("/usage/namespaces/limit").asInt());
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    201, api.post("/v1/namespaces", "{\"slug\":\"n" + i + "\"}").status());
        }
        Reply full = api.post("/v1/namespaces", "{\"slug\":\"one-more\"}");
        assertEquals("TIER_LIMIT_REACHED", full.at("/code"));
        assertTrue(full.at("/upgrade").contains("/v1/billing/checkout"));

        assertEquals("ALREADY_EXISTS", checkout("team").at("/code"));
        assertEquals(
                "https://stripe.test/v1/billing_portal/sessions",
                api.post("/v1/billing/portal", null).at("/url"));
        stripe.changePrice("sub_1", "price_team");
        taken(send("evt_3", UPDATED));
        assertEquals("team", tier());
        assertEquals(201, api.post("/v1/namespaces", "{\"slug\":\"one-more\"}").status());

        stripe.changeStatus("sub_1", "past_due");
        taken(send("evt_4", UNPAID));
        taken(send("evt_5", UPDATED));
        assertEquals("team", tier());
        stripe.changeStatus("sub_1", "unpaid");
        taken(send("evt_6", UPDATED));
        assertEquals("free", tier());
        stripe.changeStatus("sub_1", "active");
        taken(send("evt_7", PAID));
        assertEquals("team", tier());

        stripe.end("sub_1");
        taken(send("evt_8", DELETED));
        assertEquals("free", tier());
        assertEquals(
                "TIER_LIMIT_REACHED",
                api.post("/v1/namespaces", "{\"slug\":\"more\"}").at("/code"));
        assertEquals(200, api.get("/v1/namespaces/n3").status(), "what is there stays readable");
        assertEquals(
                List.of(
                        "evt_1 free pro",
                        "evt_2 pro pro",
                        "evt_3 pro team",
                        "evt_4 team team",
                        "evt_5 team team",
                        "evt_6 team free",
                        "evt_7 free team",
                        "evt_8 team free"),
                server.rows(EVENTS));
    }

    @Test
    void eventsTwiceAndInEveryOrder_haveOneEffectEach() {
        checkout("pro");
        var types = List.of(CREATED, UPDATED, DELETED, PAID, UNPAID);
        var random = new Random(20260102);
        for (int round = 0; round < 20; round++) {
            stripe.subscribe("sub_1", customer, "price_team");
            stripe.changeStatus("sub_1", round % 2 == 0 ? "active" : "canceled");
            var events = new ArrayList<String>();
            for (int i = 0; i < 10; i++) {
                Instant created = server.clock().instant().minusSeconds(random.nextInt(1000));
                events.add(FakeStripe.event("evt_" + round + "_" + i % 5, types.get(i % 5), customer, created));
            }
            Collections.shuffle(events, random);
            events.forEach(event -> taken(send(event)));
            assertEquals(round % 2 == 0 ? "team" : "free", tier(), "round " + round);
        }
        List<String> rows = server.rows(EVENTS);
        assertEquals(100, rows.size());
        assertEquals(
                20,
                rows.stream()
                        .map(row -> row.split(" ", -1))
                        .filter(row -> !row[1].equals(row[2]))
                        .count(),
                "one move a round");
        assertEquals(List.of("100"), server.rows("select revision from billing_customers"));
    }

    @Test
    void theSameEventAtOnce_hasOneEffect() {
        checkout("pro");
        stripe.subscribe("sub_1", customer, "price_pro");
        String body =
                FakeStripe.event("evt_1", CREATED, customer, server.clock().instant());
        String signature =
                FakeStripe.sign(body, FakeStripe.WEBHOOK_SECRET, server.clock().instant());
        atOnce(8, own -> taken(own.post("/webhooks/stripe", body, "Stripe-Signature: " + signature)), () -> {});
        assertEquals(List.of("evt_1 free pro"), server.rows(EVENTS));
    }

    /// What an event learned from Stripe before another one was applied is not written over it.
    @Test
    void anOldAnswerOfStripe_doesNotOvertakeANewOne() {
        checkout("pro");
        stripe.subscribe("sub_1", customer, "price_pro");
        stripe.beforeNextAnswer(() -> {
            stripe.end("sub_1");
            taken(send("evt_2", DELETED));
        });
        taken(send("evt_1", CREATED));
        assertEquals("free", tier());
        assertEquals(
                List.of("evt_1 free free", "evt_2 free free"),
                server.rows(EVENTS).stream().sorted().toList());
    }

    @Test
    void forgedAndReplayedEvents_areRefused() {
        checkout("team");
        stripe.subscribe("sub_1", customer, "price_team");
        String body =
                FakeStripe.event("evt_1", CREATED, customer, server.clock().instant());
        Instant now = server.clock().instant();
        String good = FakeStripe.sign(body, FakeStripe.WEBHOOK_SECRET, now);
        var refused = List.of(
                deliver(body, FakeStripe.sign(body, "whsec_forged", now)),
                deliver(body.replace("evt_1", "evt_2"), good),
                deliver(body, "t=1,v1=00"),
                api.with(null).post("/webhooks/stripe", body),
                deliver(body, FakeStripe.sign(body, FakeStripe.WEBHOOK_SECRET, now.minusSeconds(600))));
        for (Reply reply : refused) {
            assertEquals(400, reply.status());
            assertEquals("BAD_SIGNATURE", reply.at("/code"));
        }
        taken(deliver(body, good));
        server.clock().advance(Duration.ofMinutes(6));
        assertEquals("BAD_SIGNATURE", deliver(body, good).at("/code"), "a replay of what was good once");
        assertEquals(List.of("evt_1 free team"), server.rows(EVENTS));
    }

    @Test
    void whatIsNotOurs_isTakenWithoutEffect() {
        checkout("pro");
        taken(send(FakeStripe.event(
                "evt_1", "charge.succeeded", customer, server.clock().instant())));
        taken(send(FakeStripe.event(
                "evt_2", CREATED, "cus_stranger", server.clock().instant())));
        assertEquals(List.of(), server.rows(EVENTS));
        assertEquals("MALFORMED_REQUEST", send("{\"id\":\"evt_3\"}").at("/code"));
        assertEquals("MALFORMED_JSON", send("{").at("/code"));
    }

    @Test
    void aPriceThatIsNotConfigured_takesNothingAway() {
        checkout("pro");
        stripe.subscribe("sub_1", customer, "price_pro");
        taken(send("evt_1", CREATED));
        stripe.changePrice("sub_1", "price_of_last_year");
        taken(send("evt_2", UPDATED));
        assertEquals("pro", tier());
    }

    @Test
    void aCustomerThatTheStoreForgot_isFoundByItsSubscription() {
        stripe.subscribe("sub_1", "cus_older", "price_pro", account());
        taken(send(FakeStripe.event("evt_1", PAID, "cus_older", server.clock().instant())));
        assertEquals("pro", tier());
    }

    @Test
    void whileStripeIsDown_memoriesWork_andTheEventIsAskedForAgain() {
        checkout("pro");
        stripe.subscribe("sub_1", customer, "price_pro");
        stripe.fail(500);
        Reply later = send("evt_1", CREATED);
        assertEquals("BILLING_UNAVAILABLE", later.at("/code"));
        assertEquals("30", later.header("retry-after"));
        assertEquals("BILLING_UNAVAILABLE", checkout("pro").at("/code"));
        assertEquals(201, api.post("/v1/namespaces", "{\"slug\":\"ns\"}").status());
        stripe.fail(0);
        taken(send("evt_1", CREATED));
        assertEquals("pro", tier());
    }

    @Test
    void aStripeThatHangs_holdsFewRequests_andNoneOfTheOthers() {
        stripe.hang();
        atOnce(8, own -> own.post("/v1/billing/checkout", "{\"tier\":\"pro\"}"), () -> {
            while (stripe.received().size() < 8) {
                Thread.onSpinWait();
            }
            assertEquals("BILLING_UNAVAILABLE", checkout("pro").at("/code"), "refused at once");
            assertEquals(201, api.post("/v1/namespaces", "{\"slug\":\"ns\"}").status());
            assertEquals(
                    201, api.put("/v1/namespaces/ns/entries/k", "{\"value\":1}").status());
            stripe.close();
        });
    }

    /// Runs `call` n times at once, each with a connection of its own, and `meanwhile` beside them.
    private void atOnce(int n, Consumer<Api> call, Runnable meanwhile) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Future<?>>();
            for (int i = 0; i < n; i++) {
                calls.add(executor.submit(() -> {
                    try (Api own = api.with(api.key())) {
                        call.accept(own);
                    }
                }));
            }
            meanwhile.run();
            for (Future<?> each : calls) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void onlyAdminsPay_andOnlyForWhatIsSold() {
        Api reader = api.with(api.post("/v1/account/keys", "{\"name\":\"r\",\"scopes\":[\"read\"]}")
                .at("/api_key"));
        assertEquals(
                "INSUFFICIENT_SCOPE",
                reader.post("/v1/billing/checkout", "{\"tier\":\"pro\"}").at("/code"));
        assertEquals(
                "INSUFFICIENT_SCOPE", reader.post("/v1/billing/portal", null).at("/code"));
        assertEquals("NOT_FOUND", api.post("/v1/billing/portal", null).at("/code"));
        assertEquals(422, checkout("free").status());
        assertEquals(422, checkout("gold").status());
        assertEquals(List.of(), stripe.received());
    }

    @Test
    void stripeIsAskedAsItsApiWantsIt() {
        checkout("team");
        checkout("team");
        FakeStripe.Received made = stripe.received().getFirst();
        assertEquals("POST /v1/customers", made.call());
        assertEquals("Bearer " + FakeStripe.KEY, made.headers().get("Authorization"));
        assertEquals("someone@example.com", made.form().get("email"));
        assertEquals(
                1,
                stripe.received().stream()
                        .filter(it -> it.call().equals(made.call()))
                        .count());
        FakeStripe.Received session = stripe.received().getLast();
        assertEquals(
                Map.of(
                        "mode", "subscription",
                        "customer", customer,
                        "client_reference_id", account(),
                        "line_items[0][price]", "price_team",
                        "line_items[0][quantity]", "1",
                        "subscription_data[metadata][ctx_account]", account(),
                        "success_url", "https://app.test/paid",
                        "cancel_url", "https://app.test/back"),
                session.form());
    }
}
