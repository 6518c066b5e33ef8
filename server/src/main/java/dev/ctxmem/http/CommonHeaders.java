package dev.ctxmem.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;

/// The headers that every answer has.
final class CommonHeaders {
    private static final Header NO_STORE = HeaderValues.createCached("Cache-Control", "no-store");
    private static final Header VARY = HeaderValues.createCached("Vary", "Authorization, X-Api-Key, Origin");
    private static final Header NO_SNIFF = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    private CommonHeaders() {}

    static void addTo(WritableHeaders<?> headers, Answer answer, String requestId) {
        headers.set(answer.contentType());
        headers.set(NO_STORE);
        headers.set(VARY);
        headers.set(NO_SNIFF);
        headers.set(HeaderValues.create(RequestIds.NAME, requestId));
        for (Header header : answer.headers()) {
            headers.set(header);
        }
    }
}
