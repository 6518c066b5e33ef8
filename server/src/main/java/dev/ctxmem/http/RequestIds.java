package dev.ctxmem.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.UUID;
import java.util.function.Supplier;

/// The id that a request goes by in its answer, in the log and in the history of entries: the caller's own
/// where it is sane, else a new one.
final class RequestIds {
    static final HeaderName NAME = HeaderNames.create("X-Request-Id");

    private static final int CHARACTERS_MAX = 128;

    private final Supplier<UUID> ids;

    RequestIds(Supplier<UUID> ids) {
        this.ids = ids;
    }

    String of(Headers headers) {
        if (headers.contains(NAME)) {
            String given = headers.get(NAME).get();
            if (isSane(given)) {
                return given;
            }
        }
        return create();
    }

    String create() {
        return ids.get().toString();
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean sane = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!sane) {
                return false;
            }
        }
        return true;
    }
}
