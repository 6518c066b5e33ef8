package dev.ctxmem.client;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Sends one request and gives back the answer's body, or throws what went wrong. Thread-safe.
final class Transport implements AutoCloseable {
    /// A page of the largest entries, and no more.
    private static final long ANSWER_BYTES_MAX = (Limits.PAGE_MAX + 1L) * Limits.BODY_BYTES_MAX;

    private static final String REVISION = "Account-Revision";
    private static final int API_KEY_CHARACTERS_MAX = 512;
    private static final Duration RETRY_WAIT_DEFAULT = Duration.ofSeconds(1);
    private static final Duration RETRY_WAIT_MAX = Duration.ofSeconds(30);

    private final Endpoint endpoint;
    private final @Nullable String apiKey;
    private final Consumer<Json> answers;
    private final HttpClient http;

    /// `answers` is shown the body of every success.
    Transport(Endpoint endpoint, @Nullable String apiKey, Consumer<Json> answers) {
        if (apiKey != null && !isSendable(apiKey)) {
            throw new MemoryException(ErrorCode.INVALID_API_KEY, "The API key has characters that no key has.");
        }
        this.endpoint = endpoint;
        this.apiKey = apiKey;
        this.answers = answers;
        this.http = open(endpoint);
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    Answer post(String path, JsonWriter body) {
        return send("POST", path, body);
    }

    Answer put(String path, JsonWriter body) {
        return send("PUT", path, body);
    }

    /// Drops what is under way and frees the connections at once: threads left in native code would hold up the
    /// end of the process by a third of a second.
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private Answer send(String method, String path, @Nullable JsonWriter body) {
        HttpRequest request = request(method, path, body);
        for (int retriesLeft = endpoint.retriesMax(); ; retriesLeft--) {
            HttpResponse<byte[]> response = exchange(request);
            int status = response.statusCode();
            if (status >= 200 && status < 300) {
                Json answer = parsed(response.body());
                answers.accept(answer);
                return new Answer(status, answer, revision(response.headers()));
            }
            MemoryException problem = Problems.of(status, response.headers(), response.body());
            Duration wait = problem.retryAfter().orElse(RETRY_WAIT_DEFAULT);
            if (retriesLeft == 0 || !(status == 429 || status == 503) || wait.compareTo(RETRY_WAIT_MAX) > 0) {
                throw problem;
            }
            sleep(wait);
        }
    }

    private HttpRequest request(String method, String path, @Nullable JsonWriter body) {
        var request = HttpRequest.newBuilder(URI.create(endpoint.url() + path)).header("Accept", "application/json");
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(body.toUtf8()));
        }
        return request.build();
    }

    /// The JDK's own time-out ends at the headers; waiting for the future covers a body that stalls, too.
    private HttpResponse<byte[]> exchange(HttpRequest request) {
        var pending = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return pending.get(endpoint.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw unreachable("did not answer within " + seconds(endpoint.answerTimeout()), e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable("was not waited for: the calling thread was interrupted", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private MemoryException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException e ->
                unreachable("took no connection within " + seconds(endpoint.connectTimeout()), e);
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException ->
                unreachable("has a host name that nobody knows", e);
            case ConnectException e -> unreachable("takes no connections", e);
            case SSLException e -> unreachable("cannot be trusted (TLS): " + e.getMessage(), e);
            case IOException e -> unreachable("broke off before the answer was complete", e);
            case null, default -> throw new IllegalStateException("The request could not be sent.", cause);
        };
    }

    private MemoryException unreachable(String what, Throwable cause) {
        return new MemoryException(ErrorCode.UNREACHABLE, endpoint.url() + " " + what + ".", cause);
    }

    private Json parsed(byte[] body) {
        try {
            return Json.parseAnswer(body);
        } catch (MemoryException e) {
            throw unreachable("answered something that is not Context Memory's", e);
        }
    }

    private void sleep(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("was not asked again: the calling thread was interrupted", e);
        }
    }

    private static HttpClient open(Endpoint endpoint) {
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(endpoint.connectTimeout());
        if ("http".equals(endpoint.url().getScheme())) {
            builder.sslContext(trustingNobody());
        }
        return builder.build();
    }

    /// The client makes a TLS context even when it will never use one; an empty one saves a command 60 ms, most
    /// of them for reading the system's certificates.
    private static SSLContext trustingNobody() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has TLS.", e);
        }
    }

    private static boolean isSendable(String apiKey) {
        return !apiKey.isEmpty()
                && apiKey.length() <= API_KEY_CHARACTERS_MAX
                && apiKey.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /// 0 where there is none: the request was no write, or the server is older.
    private static long revision(HttpHeaders headers) {
        String text = headers.firstValue(REVISION).orElse("0");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /// A success: its status, its body, and the account's revision that a write made.
    record Answer(int status, Json body, long revision) {}
}
