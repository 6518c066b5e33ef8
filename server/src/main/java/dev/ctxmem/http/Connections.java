package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import io.helidon.common.Builder;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.Routing;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The open connections of a listener: how many there may be, and what each may take its time for. Deadlines
/// are kept by one thread that looks at all connections, since reads on a virtual thread have none of their
/// own.
final class Connections implements ServerConnectionSelector, AutoCloseable {
    private static final Duration DEADLINE_CHECK = Duration.ofMillis(250);
    /// Room for a method and a version beside the URL.
    private static final int PROLOGUE_BYTES_MAX = Limits.URL_BYTES_MAX + 64;

    private final Http1ConnectionSelector http;
    private final HttpLimits limits;
    private final ClientAddress addresses;
    private final Refusals refusals;
    private final Router router;
    private final LongSupplier nanoTime;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-deadlines").factory());

    Connections(
            HttpLimits limits,
            ClientAddress addresses,
            Refusals refusals,
            Dispatcher dispatcher,
            LongSupplier nanoTime) {
        this.router = Router.builder().addRouting(new Given(dispatcher)).build();
        this.limits = limits;
        this.addresses = addresses;
        this.refusals = refusals;
        this.nanoTime = nanoTime;
        this.http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .maxPrologueLength(PROLOGUE_BYTES_MAX)
                        .maxHeadersSize(Limits.HEADERS_BYTES_MAX)
                        // Keys are decoded by our own rules, and a path is no place for a second opinion.
                        .validatePath(false)
                        .validatePrologue(false)
                        .sendKeepAliveHeader(false)
                        .addReceiveListener(new Progress())
                        // Takes the place of one that logs every answer.
                        .addSendListener(new Http1ConnectionListener() {})
                        .buildPrototype())
                .build();
        var _ = deadlines.scheduleWithFixedDelay(
                this::checkDeadlines, DEADLINE_CHECK.toMillis(), DEADLINE_CHECK.toMillis(), TimeUnit.MILLISECONDS);
    }

    int size() {
        return count.get();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        InetAddress address = ClientAddress.addressOf(context.remotePeer().address());
        byte[] refusal = admit(address);
        var connection = new Connection(this, context, address, refusal);
        open.add(connection);
        return connection;
    }

    /// The parser's half of a connection.
    ServerConnection parser(Connection connection) {
        return http.connection(connection);
    }

    /// Where the parser finds the routing: the web server mixes one of its own into any that it is given.
    Router router() {
        return router;
    }

    HttpLimits limits() {
        return limits;
    }

    Refusals refusals() {
        return refusals;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    void closed(Connection connection, InetAddress address) {
        if (open.remove(connection)) {
            count.decrementAndGet();
            perAddress.computeIfPresent(address, (same, number) -> number == 1 ? null : number - 1);
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }

    /// Counts the connection; what it is to be told when there are too many.
    private byte @Nullable [] admit(InetAddress address) {
        int all = count.incrementAndGet();
        int same = perAddress.merge(address, 1, Integer::sum);
        if (all > limits.connectionsMax()) {
            return refusals.bytes(new MemoryException(ErrorCode.OVERLOADED, "The server has too many connections."));
        }
        boolean exempt = address.isLoopbackAddress() || addresses.isProxy(address);
        if (same > limits.connectionsPerAddressMax() && !exempt) {
            return refusals.bytes(
                    new MemoryException(ErrorCode.RATE_LIMITED, "There are too many connections from this address."));
        }
        return null;
    }

    private void checkDeadlines() {
        long now = nanoTime.getAsLong();
        open.forEach(connection -> connection.checkDeadline(now));
    }

    /// Tells a connection how far its request has been parsed.
    private static final class Progress implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext context, HttpPrologue prologue) {
            ((Connection) context).prologueParsed();
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            ((Connection) context).headersParsed();
        }
    }

    /// A routing that is there already, for whoever wants to build one.
    private record Given(Dispatcher dispatcher) implements Builder<Given, Routing> {
        @Override
        public Routing build() {
            return dispatcher;
        }
    }
}
