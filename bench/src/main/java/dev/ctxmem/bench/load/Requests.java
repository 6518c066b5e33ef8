package dev.ctxmem.bench.load;

import dev.ctxmem.core.JsonWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/// The requests of one client, as bytes. For one thread.
final class Requests {
    static final String NAMESPACE = "bench-load";

    private static final int LIMIT = 10;

    private final Target target;
    private final String name;
    private final int entries;
    private final SplittableRandom random;
    private final Sentences sentences;
    private int written;

    /// `name` is unique among all clients of all runs; `entries` are there already, [#entry] wrote them.
    Requests(Target target, String name, int entries, long seed) {
        this.target = target;
        this.name = name;
        this.entries = entries;
        this.random = new SplittableRandom(seed);
        this.sentences = new Sentences(seed);
    }

    byte[] next(Scenario scenario) {
        return switch (scenario.next(random)) {
            case HEALTH -> request("GET", "/health", "");
            case GET, MIXED ->
                request("GET", "/v1/namespaces/" + NAMESPACE + "/entries/" + key(random.nextInt(entries)), "");
            case PUT -> put(name + "-" + written++);
            case SEARCH ->
                request(
                        "POST",
                        "/v1/search",
                        new JsonWriter()
                                .beginObject()
                                .member("query", sentences.question())
                                .member("namespace", NAMESPACE)
                                .member("limit", LIMIT)
                                .member("threshold", 0)
                                .endObject()
                                .toString());
        };
    }

    /// Writes one of the entries that [Scenario#GET] reads.
    byte[] entry(int number) {
        return put(key(number));
    }

    byte[] createNamespace() {
        return request("POST", "/v1/namespaces", "{\"slug\":\"" + NAMESPACE + "\"}");
    }

    private byte[] put(String key) {
        return request(
                "POST",
                "/v1/namespaces/" + NAMESPACE + "/entries",
                new JsonWriter()
                        .beginObject()
                        .member("key", key)
                        .name("value")
                        .beginObject()
                        .member("note", sentences.note())
                        .member("context", sentences.note())
                        .member("confidence", random.nextDouble())
                        .endObject()
                        .member("tags", List.of("bench"))
                        .endObject()
                        .toString());
    }

    private static String key(int number) {
        return "note-" + number;
    }

    private byte[] request(String method, String path, String body) {
        URI server = target.server();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nhost: " + server.getHost() + ":" + server.getPort()
                + "\r\nx-api-key: " + target.key()
                + (bytes.length == 0 ? "" : "\r\ncontent-type: application/json\r\ncontent-length: " + bytes.length)
                + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.UTF_8);
    }
}
