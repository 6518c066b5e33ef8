package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;

/// Answers to what never became a request: bytes that are not HTTP, heads that are too large, one connection
/// too many. They look like every other problem.
final class Refusals implements DirectHandler {
    /// The parser tells this failure from others by its message alone.
    private static final String HEADERS_TOO_LARGE = "Header size exceeded";

    private final Problems problems;
    private final RequestIds requestIds;
    private final Metrics metrics;

    Refusals(Problems problems, RequestIds requestIds, Metrics metrics) {
        this.problems = problems;
        this.requestIds = requestIds;
        this.metrics = metrics;
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        MemoryException failure = failure(status, message);
        String requestId = requestIds.of(request.headers());
        Answer answer = problems.of(failure, requestId);
        metrics.refused(answer.status());
        CommonHeaders.addTo(headers, answer, requestId);
        return TransportResponse.builder()
                .status(Status.create(answer.status()))
                .headers(headers)
                .entity(answer.body())
                .keepAlive(false)
                .build();
    }

    /// A whole answer as bytes, for where there is no request to answer to.
    byte[] bytes(MemoryException failure) {
        String requestId = requestIds.create();
        Answer answer = problems.of(failure, requestId);
        metrics.refused(answer.status());
        ServerResponseHeaders headers = ServerResponseHeaders.create();
        CommonHeaders.addTo(headers, answer, requestId);
        headers.set(HeaderValues.CONNECTION_CLOSE);
        headers.contentLength(answer.body().length);
        Status status = Status.create(answer.status());
        var head = new StringBuilder("HTTP/1.1 ").append(status.text()).append("\r\n");
        for (Header header : headers) {
            head.append(header.name()).append(": ").append(header.get()).append("\r\n");
        }
        return head.append("\r\n")
                .append(new String(answer.body(), StandardCharsets.UTF_8))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /// The parser has statuses of its own for what it refuses; whatever it is, the request was at fault.
    private static MemoryException failure(Status status, String message) {
        if (HEADERS_TOO_LARGE.equals(message)) {
            return new MemoryException(ErrorCode.HEADERS_TOO_LARGE, "The headers of the request are too large.");
        }
        return switch (status.code()) {
            case 413 -> new MemoryException(ErrorCode.BODY_TOO_LARGE, "The body of the request is too large.");
            case 414 -> new MemoryException(ErrorCode.URL_TOO_LONG, "The URL of the request is too long.");
            default -> new MemoryException(ErrorCode.MALFORMED_REQUEST, "The request is not well-formed HTTP/1.1.");
        };
    }
}
