package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The contract lists what the server answers, no more and no less.
class ContractRoutesTest {
    @Test
    void routesAndContract_areTheSameSet() {
        try (TestServer server = TestServer.start()) {
            var routes = HttpServer.routes(server.parts()).stream()
                    .map(route -> route.method() + " " + route.template())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(server.contract().operations(), routes);
        }
    }

    @Test
    void contract_isServed() {
        try (TestServer server = TestServer.start();
                Api api = server.anybody()) {
            Reply reply = api.get("/openapi.yaml");
            assertEquals(200, reply.status());
            assertEquals("openapi: 3.1.0", reply.text().lines().findFirst().orElseThrow());
        }
    }
}
