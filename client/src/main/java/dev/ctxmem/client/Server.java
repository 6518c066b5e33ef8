package dev.ctxmem.client;

import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewAccount;
import java.util.function.Consumer;

/// A server before one has a key to it: its health, and the way to a first key. Fails as [HttpMemories] does.
/// Thread-safe.
public final class Server implements AutoCloseable {
    private final Transport transport;

    public Server(Endpoint endpoint) {
        this(endpoint, answer -> {});
    }

    /// `answers` is shown the body of every success, as the server sent it, in the calling thread.
    public Server(Endpoint endpoint, Consumer<Json> answers) {
        transport = new Transport(endpoint, null, answers);
    }

    /// UNAVAILABLE while the server runs without its store.
    public Health health() {
        return Answers.read(transport.get(Paths.HEALTH).body(), Answers::health);
    }

    /// Makes an account and its first key, which is shown this once. SIGNUP_CLOSED where the operator makes the
    /// accounts, ALREADY_EXISTS where the address has one.
    public SignedUp signup(NewAccount account) {
        return Answers.read(
                transport.post(Paths.SIGNUP, Requests.signup(account)).body(), Answers::signedUp);
    }

    @Override
    public void close() {
        transport.close();
    }
}
