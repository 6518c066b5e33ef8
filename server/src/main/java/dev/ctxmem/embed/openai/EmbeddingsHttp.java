package dev.ctxmem.embed.openai;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `POST /embeddings` with the patience it deserves: every wait and every answer is bounded, what may pass is
/// tried again. Thread-safe.
final class EmbeddingsHttp implements AutoCloseable {
    /// Far more than 32 vectors of 4,096 dimensions, far less than a small heap.
    static final int ANSWER_BYTES_MAX = 8 << 20;

    static final int ATTEMPTS_MAX = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /// A service that wants us to wait longer than this is one that fails.
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final OpenAiSettings settings;
    private final Pause pause;
    private final HttpClient client;

    EmbeddingsHttp(OpenAiSettings settings, Pause pause) {
        this.settings = settings;
        this.pause = pause;
        this.client = HttpClient.newBuilder()
                // Over plain http the client offers HTTP/2 by an upgrade, for which some servers drop the body.
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect would carry the key elsewhere.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeouts().connect())
                .build();
    }

    /// The body of an answer with status 200. Throws UNAVAILABLE, and [IllegalArgumentException] when the
    /// service finds fault with the request.
    byte[] post(byte[] body) {
        var request = HttpRequest.newBuilder(settings.endpoint())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "context-memory")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        for (int attempt = 1; ; attempt++) {
            switch (attempt(request.build())) {
                case Answer(byte[] bytes) -> {
                    return bytes;
                }
                case Failure failure -> {
                    Duration wait = failure.retryAfter().orElse(FIRST_PAUSE.multipliedBy(attempt));
                    if (attempt == ATTEMPTS_MAX || wait.compareTo(PAUSE_MAX) > 0) {
                        throw unavailable(failure.what(), failure.retryAfter());
                    }
                    pause(wait);
                }
            }
        }
    }

    private Outcome attempt(HttpRequest request) {
        // The client's own time-out ends with the headers; a body that trickles needs one around everything.
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return outcome(response.get(settings.timeouts().answer().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw unavailable(
                    "did not answer in " + settings.timeouts().answer().toMillis() + " ms");
        } catch (ExecutionException e) {
            // Only the kind of the problem: the messages of some quote the answer.
            String kind = Objects.requireNonNull(e.getCause()).getClass().getSimpleName();
            return new Failure("cannot be reached (" + kind + ")", Optional.empty());
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            response.cancel(true);
        }
    }

    private Outcome outcome(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status >= 500 || status == 408 || status == 429) {
            return new Failure("answered " + status, RetryAfter.of(response.headers()));
        }
        return switch (status) {
            case 200 -> new Answer(response.body());
            case 400, 413, 422 ->
                throw new IllegalArgumentException(
                        "The embedding service at " + settings.origin() + " refuses the text (" + status + ").");
            case 401, 403 -> throw unavailable("refuses the key (" + status + "); check OPENAI_API_KEY");
            case 404 ->
                throw unavailable("knows no such path or model (404); check OPENAI_BASE_URL and EMBEDDING_MODEL");
            default -> throw unavailable("answered " + status);
        };
    }

    private void pause(Duration wait) {
        try {
            pause.pause(wait);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private MemoryException interrupted() {
        Thread.currentThread().interrupt();
        return unavailable("was not waited for");
    }

    private MemoryException unavailable(String what) {
        return unavailable(what, Optional.empty());
    }

    private MemoryException unavailable(String what, Optional<Duration> retryAfter) {
        String detail = "The embedding service at " + settings.origin() + " " + what + ".";
        return new MemoryException(ErrorCode.UNAVAILABLE, detail, List.of(), null, retryAfter.orElse(null), null);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// How an attempt ended, if not in a failure that another attempt will not cure.
    private sealed interface Outcome {}

    private record Answer(byte[] body) implements Outcome {}

    /// `what` completes "The embedding service …".
    private record Failure(String what, Optional<Duration> retryAfter) implements Outcome {}

    /// Waits for so long.
    interface Pause {
        void pause(Duration time) throws InterruptedException;
    }
}
