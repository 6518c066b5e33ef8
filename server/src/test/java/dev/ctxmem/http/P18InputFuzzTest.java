package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// P18: no bytes make the server fail, and what it accepted can be read back equal, listed and found.
class P18InputFuzzTest {
    private static final int WORKERS = 8;
    private static final int REQUESTS_EACH = Integer.getInteger("ctx.fuzz.requests", 30_000) / WORKERS;
    /// PostgreSQL answers more slowly.
    private static final int REQUESTS_EACH_ON_POSTGRES = REQUESTS_EACH / 10;

    private static final List<String> METHODS =
            List.of("GET", "GET", "PUT", "PUT", "POST", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "G\u00c4T");
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void noInputMakesTheServerFail_andWhatItAcceptedIsThere() throws InterruptedException {
        fuzz(TestServer.with(), REQUESTS_EACH);
    }

    @Test
    void noInputMakesTheServerFail_andWhatItAcceptedIsThere_onPostgres() throws InterruptedException {
        try (var postgres = new PostgresOpener()) {
            fuzz(TestServer.with().store(postgres), REQUESTS_EACH_ON_POSTGRES);
        }
    }

    private void fuzz(TestServer.Settings settings, int requests) throws InterruptedException {
        long seed = Long.getLong("fuzz.seed", 20_260_730);
        var random = new SplittableRandom(seed);
        try (TestServer server =
                        settings.tier(Tier.TEAM, new TierLimits(-1, -1, -1, -1)).start();
                var threads = Executors.newFixedThreadPool(WORKERS)) {
            var workers = new ArrayList<Future<?>>();
            for (int i = 0; i < WORKERS; i++) {
                SplittableRandom own = random.split();
                Api api = server.newcomerWithNamespace();
                workers.add(threads.submit(() -> new Worker(server, api, own).run(requests)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("-Dfuzz.seed=" + seed, e.getCause());
        } finally {
            System.out.println("fuzz.seed=" + seed + ", accepted " + accepted + ", refused " + refused);
        }
        assertTrue(accepted.get() > requests && refused.get() > requests, "the corpus has lost its balance");
    }

    /// One caller with an account of its own, so that nobody else changes what it reads back.
    private final class Worker {
        private static final String ENTRIES = "/v1/namespaces/ns/entries";
        private static final List<String> BASES = List.of(
                ENTRIES + "/",
                ENTRIES + "/",
                ENTRIES,
                "/v1/namespaces/",
                "/v1/namespaces",
                "/v1/search",
                "/v1/search/text",
                ENTRIES + "/search",
                "/v1/account",
                "/v1/account/keys",
                "/v1/account/keys/",
                "/v1/limits",
                "/health",
                "/webhooks/stripe",
                "/");

        private final TestServer server;
        private final Api api;
        private final SplittableRandom random;
        private final FuzzCorpus corpus;
        private @Nullable RawConnection connection;

        Worker(TestServer server, Api api, SplittableRandom random) {
            this.server = server;
            this.api = api;
            this.random = random;
            this.corpus = new FuzzCorpus(random);
        }

        void run(int requests) {
            for (int i = 0; i < requests; i++) {
                switch (random.nextInt(20)) {
                    case 0 -> rawRequest();
                    case 1, 2, 3, 4, 5, 6, 7, 8 -> write();
                    default -> anyRequest();
                }
            }
            if (connection != null) {
                connection.close();
            }
        }

        private void write() {
            String key = corpus.string();
            byte[] body = corpus.oneIn(2) ? corpus.body() : corpus.mildBody();
            boolean post = corpus.oneIn(3);
            if (post) {
                String text = new String(body, StandardCharsets.UTF_8);
                body = (text.startsWith("{") ? "{\"key\":" + FuzzCorpus.quoted(key) + "," + text.substring(1) : text)
                        .getBytes(StandardCharsets.UTF_8);
            }
            String path = post ? ENTRIES : ENTRIES + "/" + encoded(key);
            Reply reply = exchange(post ? "POST" : "PUT", path, body, List.of());
            if (reply.status() < 300) {
                readBack(reply, body);
            }
        }

        /// What was accepted must be there, by every way to it.
        private void readBack(Reply written, byte[] body) {
            JsonNode entry = EXACT.readTree(written.body());
            String key = entry.at("/key").asString();
            JsonNode sent = EXACT.readTree(body).get("value");
            assertTrue(isReadable(sent), () -> "accepted and more than a double holds: " + sent);
            Reply read = exchange("GET", ENTRIES + "/" + encoded(key), null, List.of());
            assertEquals(200, read.status(), () -> "accepted and not readable: " + written);
            assertTrue(same(sent, EXACT.readTree(read.body()).get("value")), () -> "sent " + sent + ", read " + read);
            if (corpus.oneIn(20)) {
                Reply list = exchange("GET", ENTRIES + "?limit=1", null, List.of());
                assertEquals(
                        key, EXACT.readTree(list.body()).at("/entries/0/key").asString());
                String query = "{\"query\":" + FuzzCorpus.quoted(key) + ",\"namespace\":\"ns\",\"limit\":1}";
                Reply found = exchange("POST", "/v1/search/text", query.getBytes(StandardCharsets.UTF_8), List.of());
                assertEquals(200, found.status(), found::toString);
                assertEquals(
                        key, EXACT.readTree(found.body()).at("/results/0/key").asString());
                assertEquals(
                        200,
                        exchange("GET", ENTRIES + "/" + encoded(key) + "/history", null, List.of())
                                .status());
            }
        }

        private void anyRequest() {
            var path = new StringBuilder(corpus.pick(BASES));
            for (int i = random.nextInt(3); i > 0; i--) {
                path.append(corpus.part());
                if (corpus.oneIn(2)) {
                    path.append('/');
                }
            }
            if (corpus.oneIn(2)) {
                path.append('?').append(corpus.query());
            }
            var headers = new ArrayList<String>();
            while (corpus.oneIn(4)) {
                headers.add(corpus.header());
            }
            String method = corpus.pick(METHODS);
            boolean hasBody = method.startsWith("P") || corpus.oneIn(10);
            exchange(method, path.toString(), hasBody ? corpus.body() : null, headers);
        }

        /// Bytes of a request with a few of them changed, cut off or followed by others, on a connection of its own.
        private void rawRequest() {
            byte[] body = corpus.body();
            String framing = corpus.pick(List.of(
                    "Content-Length: " + body.length,
                    "Content-Length: " + (body.length + random.nextInt(10)),
                    "Content-Length: " + random.nextInt(body.length + 1),
                    "Content-Length: " + random.nextLong(),
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nContent-Length: 3",
                    "Transfer-Encoding: x, chunked"));
            String head = corpus.pick(METHODS) + " " + ENTRIES + "/" + corpus.part() + " HTTP/1." + random.nextInt(3)
                    + "\r\nHost: localhost\r\nx-api-key: " + api.key() + "\r\n" + framing + "\r\n\r\n";
            byte[] sent = framing.startsWith("Transfer") ? chunked(body) : body;
            byte[] bytes = concatenated(head.getBytes(StandardCharsets.ISO_8859_1), sent);
            try (var raw = new RawConnection(server.port())) {
                raw.send(corpus.oneIn(2) ? corpus.mutated(bytes) : bytes).finish();
                Reply reply = raw.read(!head.startsWith("HEAD"));
                if (reply != null && reply.status() != 100) {
                    judge(head.startsWith("HEAD") ? "HEAD" : "RAW", "/", reply);
                }
            }
        }

        /// As chunks, or as what is none.
        private byte[] chunked(byte[] body) {
            String size = corpus.pick(List.of(Integer.toHexString(body.length), "zz", "-1", "", "7fffffff", "1;x=y"));
            byte[] start = (size + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            return concatenated(concatenated(start, body), "\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }

        private Reply exchange(String method, String path, byte @Nullable [] body, List<String> headers) {
            var head =
                    new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + api.key());
            headers.forEach(header -> head.append("\r\n").append(header));
            if (body != null) {
                head.append("\r\nContent-Length: ").append(body.length);
            }
            byte[] bytes = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
            RawConnection current = connection == null ? new RawConnection(server.port()) : connection;
            connection = current;
            current.send(body == null ? bytes : concatenated(bytes, body));
            Reply reply = current.read(!method.equals("HEAD"));
            if (reply == null) {
                throw new AssertionError("no answer to " + head);
            }
            if ("close".equals(reply.header("connection"))) {
                current.close();
                connection = null;
            }
            judge(method, path, reply);
            return reply;
        }

        private void judge(String method, String path, Reply reply) {
            (reply.status() < 400 ? accepted : refused).incrementAndGet();
            assertTrue(reply.status() < 500, () -> method + " " + path + "\n" + reply);
            api.check(method, path, reply);
        }
    }

    /// Readers that know no numbers but doubles get no infinity.
    private static boolean isReadable(JsonNode value) {
        return value.isNumber()
                ? Double.isFinite(value.decimalValue().doubleValue())
                : value.valueStream().allMatch(P18InputFuzzTest::isReadable);
    }

    /// JSON equality: numbers by value, members in any order.
    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject() && b.isObject() && a.size() == b.size()) {
            return a.propertyStream()
                    .allMatch(member -> b.has(member.getKey()) && same(member.getValue(), b.get(member.getKey())));
        }
        return a.equals(b);
    }

    private static String encoded(String key) {
        var path = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            path.append('%').append(String.format("%02X", b & 0xff));
        }
        return path.toString();
    }

    private static byte[] concatenated(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
