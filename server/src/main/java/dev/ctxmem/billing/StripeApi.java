package dev.ctxmem.billing;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The four calls of Stripe's API that billing needs. Few at a time and none for long, so that a Stripe that
/// hangs takes no room from the rest of the server. Every failure is BILLING_UNAVAILABLE. Thread-safe.
final class StripeApi implements AutoCloseable {
    /// The version whose shapes are read here, whatever the account's default is.
    static final String VERSION = "2026-07-29.dahlia";

    /// The member of Stripe's metadata that names our account.
    static final String ACCOUNT = "ctx_account";

    static final int CALLS_AT_ONCE_MAX = 8;

    private static final Logger LOG = System.getLogger(StripeApi.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final int SUBSCRIPTIONS_MAX = 100;

    private final URI base;
    private final String secretKey;
    private final Semaphore calls = new Semaphore(CALLS_AT_ONCE_MAX);
    private final HttpClient client;

    StripeApi(URI base, String secretKey) {
        this.base = base;
        this.secretKey = secretKey;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect would carry the key elsewhere.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /// The id of a new customer; the same one for the same account within a day.
    String createCustomer(String account, @Nullable String email) {
        Map<String, String> metadata = Map.of("metadata[" + ACCOUNT + "]", account);
        Map<String, String> form =
                email == null ? metadata : Map.of("metadata[" + ACCOUNT + "]", account, "email", email);
        return required(post("customers", form, "ctx-customer-" + account), "id");
    }

    /// The page where `customer` subscribes to `price`.
    URI checkout(String customer, String account, String price, URI success, URI cancel) {
        return url(post(
                "checkout/sessions",
                Map.of(
                        "mode",
                        "subscription",
                        "customer",
                        customer,
                        "client_reference_id",
                        account,
                        "line_items[0][price]",
                        price,
                        "line_items[0][quantity]",
                        "1",
                        "subscription_data[metadata][" + ACCOUNT + "]",
                        account,
                        "success_url",
                        success.toString(),
                        "cancel_url",
                        cancel.toString()),
                null));
    }

    /// The page where `customer` manages its subscription.
    URI portal(String customer, @Nullable URI comeBack) {
        Map<String, String> form = comeBack == null
                ? Map.of("customer", customer)
                : Map.of("customer", customer, "return_url", comeBack.toString());
        return url(post("billing_portal/sessions", form, null));
    }

    /// The subscriptions of a customer that have not ended; none for a customer that is gone.
    List<Subscription> subscriptions(String customer) {
        var request = request("subscriptions?" + form(Map.of("customer", customer, "limit", "" + SUBSCRIPTIONS_MAX)));
        Json answer = call(request.GET().build(), true);
        return StripeJson.member(answer, "data").filter(Json::isArray).map(Json::elements).orElse(List.of()).stream()
                .map(Subscription::of)
                .toList();
    }

    private Json post(String path, Map<String, String> form, @Nullable String idempotencyKey) {
        var request = request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(form)));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return call(request.build(), false);
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        String root = base.toString().replaceAll("/+$", "");
        return HttpRequest.newBuilder(URI.create(root + "/v1/" + pathAndQuery))
                .header("Authorization", "Bearer " + secretKey)
                .header("Stripe-Version", VERSION)
                .header("User-Agent", "context-memory");
    }

    private Json call(HttpRequest request, boolean mayBeMissing) {
        if (!calls.tryAcquire()) {
            throw unavailable("Stripe is slow and others wait for it already.", null);
        }
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            // Around everything: the client's own time-out ends with the headers.
            return answer(response.get(ANSWER_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS), mayBeMissing);
        } catch (TimeoutException | ExecutionException e) {
            throw unavailable("Stripe does not answer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The server is stopping.", e);
        } finally {
            response.cancel(true);
            calls.release();
        }
    }

    private static Json answer(HttpResponse<byte[]> response, boolean mayBeMissing) {
        if (response.statusCode() == 200) {
            try {
                return Json.parseAnswer(response.body());
            } catch (MemoryException e) {
                throw unavailable("Stripe's answer cannot be read.", e);
            }
        }
        String code = errorCode(response.body());
        if (mayBeMissing && code.equals("resource_missing")) {
            return Json.EMPTY_OBJECT;
        }
        // Its code only: messages quote what was sent.
        LOG.log(Level.ERROR, "Stripe answered " + response.statusCode() + " (" + code + ").");
        throw unavailable("Stripe could not serve the request.", null);
    }

    private static String errorCode(byte[] body) {
        try {
            Optional<Json> error = StripeJson.member(Json.parseAnswer(body), "error");
            return error.flatMap(json -> StripeJson.text(json, "code").or(() -> StripeJson.text(json, "type")))
                    .filter(code -> code.matches("\\w{1,64}"))
                    .orElse("no code");
        } catch (MemoryException e) {
            return "no JSON";
        }
    }

    private static URI url(Json session) {
        try {
            return URI.create(required(session, "url"));
        } catch (IllegalArgumentException e) {
            throw unavailable("Stripe's answer cannot be read.", e);
        }
    }

    private static String required(Json object, String name) {
        return StripeJson.text(object, name)
                .orElseThrow(() -> unavailable("Stripe's answer cannot be read.", new IOException("no " + name)));
    }

    private static String form(Map<String, String> members) {
        return members.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(member -> encode(member.getKey()) + "=" + encode(member.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static MemoryException unavailable(String detail, @Nullable Throwable cause) {
        return new MemoryException(ErrorCode.BILLING_UNAVAILABLE, detail, List.of(), null, RETRY_AFTER, cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
