package dev.ctxmem.http;

import dev.ctxmem.MemoriesContract;
import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The verbs over HTTP, from the SDK down to the records.
abstract class HttpMemoriesContract extends MemoriesContract {
    private final List<HttpMemories> opened = new ArrayList<>();
    private TestServer server;
    private int accounts;

    /// A server on the store under test.
    abstract TestServer serve();

    @BeforeEach
    void start() {
        server = serve();
    }

    @AfterEach
    void stop() {
        opened.forEach(HttpMemories::close);
        server.close();
    }

    @Override
    public Memories open(Tier tier) {
        var account = new NewAccount("user" + accounts++ + "@example.com", null);
        return as(server.accounts().create(account, tier).key().token());
    }

    @Override
    public Memories as(String token) {
        var memories = new HttpMemories(Endpoint.at("http://127.0.0.1:" + server.port()), token);
        opened.add(memories);
        return memories;
    }

    @Override
    public void pass(Duration time) {
        server.clock().advance(time);
    }
}
