package dev.ctxmem.memory;

import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tells whoever collects traces where the time of requests goes. Thread-safe; never throws.
public interface Tracing {
    /// A request begins in this thread: what the thread does until [Request#close] belongs to it.
    ///
    /// @param method the HTTP method, one of those that the server knows
    /// @param headers the value of a header by its name in lower case
    Request begin(String method, Function<String, @Nullable String> headers);

    /// The same store; what requests ask of it are stages of theirs.
    default MemoryStore of(MemoryStore store) {
        return store;
    }

    /// The same meaning; waiting for its vectors is a stage of a request.
    default Meaning of(Meaning meaning) {
        return meaning;
    }

    /// The request of a thread. One that is closed without an answer was broken off.
    interface Request extends AutoCloseable {
        /// It has its answer.
        ///
        /// @param route the template of the path, which tells nothing of what the caller wrote
        /// @param account whose key it came with
        void answered(String route, int status, String requestId, @Nullable UUID account);

        @Override
        void close();
    }

    /// Nobody collects any.
    Tracing OFF = new Tracing() {
        private final Request untold = new Request() {
            @Override
            public void answered(String route, int status, String requestId, @Nullable UUID account) {}

            @Override
            public void close() {}
        };

        @Override
        public Request begin(String method, Function<String, @Nullable String> headers) {
            return untold;
        }
    };
}
