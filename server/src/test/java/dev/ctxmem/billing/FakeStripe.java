package dev.ctxmem.billing;

import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API that the server calls, on loopback, with customers and subscriptions of its own; and
/// events as Stripe signs them, by Stripe's own library.
public final class FakeStripe implements AutoCloseable {
    public static final String KEY = "sk_test_of_the_fake";
    public static final String WEBHOOK_SECRET = "whsec_of_the_fake";

    private final HttpServer http;
    private final Map<String, Map<String, String>> customers = new ConcurrentHashMap<>();
    private final Map<String, Subscribed> subscriptions = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean hanging;
    private volatile int failure;
    private volatile @Nullable Runnable beforeAnswer;

    /// A request as it came in.
    public record Received(String call, Map<String, String> form, Map<String, String> headers) {}

    private record Subscribed(
            String customer,
            String price,
            String status,
            @Nullable String account) {}

    public FakeStripe() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
        http.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    public List<Received> received() {
        return received;
    }

    /// The customer that was made for an account.
    public String customerOf(String account) {
        return customers.entrySet().stream()
                .filter(customer -> account.equals(customer.getValue().get("metadata[ctx_account]")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /// What the customer does on the page of a checkout.
    public void subscribe(String id, String customer, String price) {
        subscriptions.put(
                id,
                new Subscribed(
                        customer,
                        price,
                        "active",
                        customers.getOrDefault(customer, Map.of()).get("account")));
    }

    /// A subscription that carries an account in its metadata, as those made by our checkout do.
    public void subscribe(String id, String customer, String price, String account) {
        subscriptions.put(id, new Subscribed(customer, price, "active", account));
    }

    public void changePrice(String id, String price) {
        subscriptions.computeIfPresent(id, (_, old) -> new Subscribed(old.customer, price, old.status, old.account));
    }

    public void changeStatus(String id, String status) {
        subscriptions.computeIfPresent(id, (_, old) -> new Subscribed(old.customer, old.price, status, old.account));
    }

    /// Ends it: Stripe lists it no more.
    public void end(String id) {
        subscriptions.remove(id);
    }

    /// Answers every call with this status from now on; 0 for well again.
    public void fail(int status) {
        failure = status;
    }

    /// Takes calls from now on and answers none before [#close].
    public void hang() {
        hanging = true;
    }

    /// Runs once, when the next list of subscriptions has been made and before it is sent.
    public void beforeNextAnswer(Runnable action) {
        beforeAnswer = action;
    }

    public static String event(String id, String type, String customer, Instant created) {
        String object = type.startsWith("invoice.") ? "invoice" : "subscription";
        return """
                {"id":"%s","object":"event","api_version":"2020-08-27","created":%d,"livemode":false,
                 "type":"%s","data":{"object":{"id":"x_1","object":"%s","customer":"%s","status":"stale"}}}
                """.formatted(id, created.getEpochSecond(), type, object, customer);
    }

    /// The header by which Stripe's library signs a body at an instant.
    public static String sign(String body, String secret, Instant at) {
        try {
            return Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String sent = exchange.getRequestMethod().equals("GET")
                    ? exchange.getRequestURI().getRawQuery()
                    : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> form = form(sent);
            String call = exchange.getRequestMethod() + " " + path;
            received.add(new Received(call, form, headers(exchange)));
            if (hanging) {
                released.await();
                return;
            }
            if (failure > 0) {
                send(exchange, failure, "{\"error\":{\"type\":\"api_error\",\"message\":\"no\"}}");
                return;
            }
            switch (call) {
                case "POST /v1/customers" -> send(exchange, 200, "{\"id\":\"" + customer(exchange, form) + "\"}");
                case "POST /v1/checkout/sessions", "POST /v1/billing_portal/sessions" ->
                    send(exchange, 200, "{\"id\":\"s_1\",\"url\":\"https://stripe.test" + path + "\"}");
                case "GET /v1/subscriptions" -> {
                    String list = list(form.getOrDefault("customer", ""));
                    Runnable action = beforeAnswer;
                    beforeAnswer = null;
                    if (action != null) {
                        action.run();
                    }
                    send(exchange, 200, list);
                }
                default -> send(exchange, 404, "{\"error\":{\"type\":\"invalid_request_error\"}}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The same customer for the same idempotency key.
    private String customer(HttpExchange exchange, Map<String, String> form) {
        String id = "cus_"
                + exchange.getRequestHeaders().getFirst("Idempotency-Key").replaceAll("\\W", "");
        customers.put(id, form);
        return id;
    }

    private String list(String customer) {
        var items = new ArrayList<String>();
        subscriptions.forEach((id, it) -> {
            if (it.customer.equals(customer)) {
                items.add("""
                        {"id":"%s","status":"%s","metadata":{%s},"items":{"data":[{"price":{"id":"%s"}}]}}
                        """.formatted(
                        id, it.status, it.account == null ? "" : "\"ctx_account\":\"" + it.account + "\"", it.price));
            }
        });
        return "{\"object\":\"list\",\"has_more\":false,\"data\":[" + String.join(",", items) + "]}";
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        return headers;
    }

    private static Map<String, String> form(@Nullable String text) {
        var form = new LinkedHashMap<String, String>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(decode(parts[0]), decode(parts[1]));
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        released.countDown();
        http.stop(0);
    }
}
