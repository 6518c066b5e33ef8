package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A caller that checks every answer against the contract before it hands it on.
final class Api implements AutoCloseable {
    private final int port;
    private final Contract contract;
    private final Routes routes;
    private final @Nullable String key;
    private @Nullable RawConnection connection;

    Api(int port, Contract contract, Routes routes, @Nullable String key) {
        this.port = port;
        this.contract = contract;
        this.routes = routes;
        this.key = key;
    }

    /// The same server, another caller; null for one without a key.
    Api with(@Nullable String key) {
        return new Api(port, contract, routes, key);
    }

    @Nullable
    String key() {
        return key;
    }

    Reply get(String path, String... headers) {
        return call("GET", path, null, headers);
    }

    Reply delete(String path, String... headers) {
        return call("DELETE", path, null, headers);
    }

    Reply post(String path, @Nullable String body, String... headers) {
        return call("POST", path, body, headers);
    }

    Reply put(String path, @Nullable String body, String... headers) {
        return call("PUT", path, body, headers);
    }

    /// `headers` are whole lines; `Host` and the key are added.
    Reply call(String method, String path, @Nullable String body, String... headers) {
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: localhost\r\n");
        }
        if (key != null) {
            head.append("Authorization: Bearer ").append(key).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        head.append("\r\n");
        Reply reply = exchange(head.toString(), bytes, !method.equals("HEAD"));
        check(method, path, reply);
        return reply;
    }

    /// Sends one request on a connection that is kept as long as the server keeps it.
    private Reply exchange(String head, byte[] body, boolean withBody) {
        for (int attempt = 0; ; attempt++) {
            boolean fresh = connection == null;
            RawConnection current = fresh ? new RawConnection(port) : Objects.requireNonNull(connection);
            connection = current;
            current.send(head);
            if (body.length > 0) {
                current.send(body);
            }
            Reply reply = current.read(withBody);
            if (reply == null || "close".equals(reply.header("connection"))) {
                close();
            }
            if (reply != null) {
                return reply;
            }
            // An idle connection may have been closed under the request.
            assertEquals(0, attempt, "no answer to " + head);
        }
    }

    void check(String method, String path, Reply reply) {
        String operation = operation(method, path.split("\\?", 2)[0]);
        assertEquals(
                List.of(), method.equals("HEAD") ? List.of() : contract.violations(operation, reply), reply::toString);
        assertEquals("no-store", reply.header("cache-control"), reply::toString);
        assertEquals("nosniff", reply.header("x-content-type-options"), reply::toString);
        assertEquals(null, reply.header("server"), reply::toString);
        String id = reply.header("x-request-id");
        assertNotNull(id, reply::toString);
        if (reply.isProblem() && !method.equals("HEAD")) {
            assertEquals(id, reply.at("/request_id"));
            assertEquals(reply.status(), reply.json().at("/status").asInt());
        }
    }

    private @Nullable String operation(String method, String path) {
        return routes.find(method, path)
                .map(match -> match.route().method() + " " + match.route().template())
                .orElse(null);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
