package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.Freshness;
import dev.ctxmem.memory.LocalMemories;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Tracing;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The life of a request, from its parsed head to its answer: origin, route, caller, rate, body, handler;
/// whatever fails on the way becomes a problem. Thread-safe.
final class Dispatcher implements HttpRouting {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final byte[] NO_BODY = {};
    private static final String NO_ROUTE = "unknown";
    /// An unwanted body up to this size is read and dropped, so that the connection lives on.
    private static final int DRAINED_BYTES_MAX = 64 << 10;

    private final Routes routes;
    private final Origins origins;
    private final ClientAddress addresses;
    private final RequestIds requestIds;
    private final Problems problems;
    private final Capacity capacity;
    private final @Nullable Callers callers;
    private final @Nullable MetricRoutes metricRoutes;
    private final @Nullable OperatorRoutes operatorRoutes;
    private final Metrics metrics;
    private final Consumer<RequestLine> log;
    private final Tracing tracing;
    private final BooleanSupplier stopping;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final HttpSecurity security = HttpSecurity.create();

    /// What is needed for routes that take a key.
    record Callers(Authentication authentication, RateLimits rateLimits, Accounts accounts, LocalMemories memories) {}

    /// What a listener has in common with the others of the server.
    record Shared(
            Origins origins,
            ClientAddress addresses,
            RequestIds requestIds,
            Problems problems,
            Capacity capacity,
            Metrics metrics,
            Consumer<RequestLine> log,
            Tracing tracing,
            BooleanSupplier stopping,
            InstantSource clock,
            LongSupplier nanoTime) {}

    /// The last three may be null where no route needs them.
    Dispatcher(
            Routes routes,
            Shared shared,
            @Nullable Callers callers,
            @Nullable MetricRoutes metricRoutes,
            @Nullable OperatorRoutes operatorRoutes) {
        this.routes = routes;
        this.origins = shared.origins;
        this.addresses = shared.addresses;
        this.requestIds = shared.requestIds;
        this.problems = shared.problems;
        this.capacity = shared.capacity;
        this.callers = callers;
        this.metricRoutes = metricRoutes;
        this.operatorRoutes = operatorRoutes;
        this.metrics = shared.metrics;
        this.log = shared.log;
        this.tracing = shared.tracing;
        this.stopping = shared.stopping;
        this.clock = shared.clock;
        this.nanoTime = shared.nanoTime;
    }

    @Override
    public HttpSecurity security() {
        return security;
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        long start = nanoTime.getAsLong();
        var connection = (Connection) context;
        Headers headers = request.headers();
        var exchange = new Exchange(request, headers, connection.address(), requestIds.of(headers));
        boolean unread;
        boolean closes;
        try (var traced = tracing.begin(Metrics.knownMethod(methodOf(request)), name -> header(headers, name))) {
            Answer answer = answerOrProblem(exchange);
            unread = hasUnreadBody(request, headers);
            closes = unread || stopping.getAsBoolean() || asksToClose(headers);
            send(exchange, answer, closes, response);
            record(exchange, answer, start, traced);
        }
        if (closes) {
            throw connection.closing(unread);
        }
        connection.requestDone();
    }

    private Answer answerOrProblem(Exchange exchange) {
        try {
            return answer(exchange);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (MemoryException e) {
            // What is busy or away tells it to the caller; what is broken tells it to the operator.
            if (e.code().status() >= 500 && (e.getCause() != null || e.code() == ErrorCode.INTEGRITY_ERROR)) {
                LOG.log(System.Logger.Level.WARNING, describe(exchange), e);
            }
            return problems.of(e, exchange.requestId);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, describe(exchange), e);
            return problems.of(Problems.internal(e), exchange.requestId);
        }
    }

    private Answer answer(Exchange exchange) {
        HttpPrologue prologue = exchange.request.prologue();
        String method = prologue.method().text();
        origins.check(method, exchange.headers);
        String path = prologue.uriPath().rawPath();
        if (!path.startsWith("/") || prologue.fragment().hasValue()) {
            throw new MemoryException(
                    ErrorCode.MALFORMED_REQUEST, "The target of the request must be a path, without a fragment.");
        }
        Query query = prologue.hasQuery() ? Query.parse(prologue.query().rawValue()) : Query.EMPTY;
        Authentication.requireNoCredential(query);
        if (method.equals("OPTIONS")) {
            return options(exchange, path);
        }
        Optional<Routes.Match> match = routes.find(method.equals("HEAD") ? "GET" : method, path);
        return match.isPresent() ? answer(exchange, match.get(), query) : noRoute(exchange, path);
    }

    private Answer answer(Exchange exchange, Routes.Match match, Query query) {
        Route route = match.route();
        exchange.route = route.template().toString();
        Principal principal = null;
        Memories memories = null;
        if (route.access().needsKey()) {
            Callers callers = required(this.callers);
            principal = admit(callers, exchange);
            memories = callers.memories.of(principal, freshness(query));
        } else if (route.access() == Access.METRICS) {
            required(metricRoutes).requireAllowed(exchange.headers, exchange.peer);
        } else if (route.access() == Access.OPERATOR) {
            required(operatorRoutes).requireAllowed(exchange.headers);
        }
        boolean reads = route.method().equals("POST") || route.method().equals("PUT");
        if (!reads) {
            var call =
                    new Call(match.parts(), query, NO_BODY, exchange.headers, exchange.requestId, principal, memories);
            // Health must answer while everything else waits for its turn.
            return route.access() == Access.OPEN ? route.handler().answer(call) : handle(route, call);
        }
        try (var _ = capacity.forBody(Bodies.bytesMax(exchange.headers))) {
            byte[] body = Bodies.read(exchange.request);
            return handle(
                    route,
                    new Call(match.parts(), query, body, exchange.headers, exchange.requestId, principal, memories));
        }
    }

    /// Without a word about it, a caller sees everything.
    private static Freshness freshness(Query query) {
        String consistency = query.one("consistency");
        Long revision = query.revision("min_revision");
        return switch (consistency) {
            case null -> revision == null ? Freshness.FRESH : new Freshness.AtLeast(revision);
            case "eventual" -> new Freshness.AtLeast(revision == null ? 0 : revision);
            case "strong" -> Freshness.FRESH;
            default -> throw MemoryException.invalid("/consistency", "must be strong or eventual");
        };
    }

    private Principal admit(Callers callers, Exchange exchange) {
        Principal principal = callers.authentication.authenticate(
                exchange.headers, addresses.of(exchange.peer, exchange.headers), exchange.requestId);
        exchange.caller = principal;
        RateLimits.Outcome rate = callers.rateLimits.take(principal);
        exchange.rate = rate.headers();
        rate.require();
        callers.accounts.countRequest(principal);
        return principal;
    }

    private Answer handle(Route route, Call call) {
        try (var _ = capacity.forRequest()) {
            return route.handler().answer(call);
        }
    }

    private Answer options(Exchange exchange, String path) {
        List<String> methods = routes.methods(path);
        if (methods.isEmpty()) {
            return noRoute(exchange, path);
        }
        exchange.preflight = true;
        var json = new JsonWriter().beginObject().member("methods", methods);
        return Answer.ok(json.endObject()).with(allow(methods));
    }

    private Answer noRoute(Exchange exchange, String path) {
        List<String> methods = routes.methods(path);
        if (methods.isEmpty()) {
            return problems.of(
                    new MemoryException(ErrorCode.ROUTE_NOT_FOUND, "There is no such route."), exchange.requestId);
        }
        return problems.of(
                        new MemoryException(
                                ErrorCode.METHOD_NOT_ALLOWED, "This path takes " + String.join(", ", methods) + "."),
                        exchange.requestId)
                .with(allow(methods));
    }

    private void send(Exchange exchange, Answer answer, boolean closes, RoutingResponse response) {
        response.status(Status.create(answer.status()));
        var headers = response.headers();
        CommonHeaders.addTo(headers, answer, exchange.requestId);
        exchange.rate.forEach(headers::set);
        origins.allowing(exchange.headers, exchange.preflight).forEach(headers::set);
        if (closes) {
            headers.set(HeaderValues.CONNECTION_CLOSE);
        }
        if (exchange.request.prologue().method().text().equals("HEAD")) {
            headers.contentLength(answer.body().length);
            response.send(NO_BODY);
        } else {
            response.send(answer.body());
        }
    }

    private void record(Exchange exchange, Answer answer, long start, Tracing.Request traced) {
        long nanos = nanoTime.getAsLong() - start;
        String method = methodOf(exchange.request);
        metrics.request(method, exchange.route, answer.status(), nanos);
        Principal caller = exchange.caller;
        if (caller != null) {
            metrics.ofTier(caller.tier(), answer.status());
        }
        traced.answered(exchange.route, answer.status(), exchange.requestId, caller == null ? null : caller.account());
        log.accept(new RequestLine(
                clock.instant(),
                exchange.requestId,
                method,
                exchange.route,
                answer.status(),
                nanos / 1000,
                answer.body().length,
                addresses.of(exchange.peer, exchange.headers).getHostAddress(),
                caller == null ? null : caller.account(),
                caller == null ? null : caller.key()));
    }

    private static String methodOf(RoutingRequest request) {
        return request.prologue().method().text();
    }

    /// By its name in lower case.
    private static @Nullable String header(Headers headers, String name) {
        return headers.first(HeaderNames.createFromLowercase(name)).orElse(null);
    }

    private static boolean asksToClose(Headers headers) {
        return headers.contains(HeaderNames.CONNECTION) && headers.containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    /// Reads a small body that nobody wanted; says whether one is left.
    private static boolean hasUnreadBody(RoutingRequest request, Headers headers) {
        if (!Bodies.announced(headers) || request.content().consumed()) {
            return false;
        }
        boolean small = !headers.contains(HeaderNames.TRANSFER_ENCODING)
                && !headers.contains(HeaderNames.EXPECT)
                && Bodies.bytesMax(headers) <= DRAINED_BYTES_MAX;
        if (small) {
            try {
                request.content().consume();
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException e) {
                return true;
            }
        }
        return !request.content().consumed();
    }

    private static String describe(Exchange exchange) {
        return "Request " + exchange.requestId + " to " + exchange.route + " failed.";
    }

    private static Header allow(List<String> methods) {
        return HeaderValues.create("Allow", String.join(", ", methods));
    }

    private static <T> T required(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("this listener has no such routes");
        }
        return part;
    }

    /// What becomes known about a request on its way.
    private static final class Exchange {
        private final RoutingRequest request;
        private final Headers headers;
        private final InetAddress peer;
        private final String requestId;
        private String route = NO_ROUTE;
        private @Nullable Principal caller;
        private List<Header> rate = List.of();
        private boolean preflight;

        Exchange(RoutingRequest request, Headers headers, InetAddress peer, String requestId) {
            this.request = request;
            this.headers = headers;
            this.peer = peer;
            this.requestId = requestId;
        }
    }
}
