package dev.ctxmem.http;

import static dev.ctxmem.http.Access.ADMIN;
import static dev.ctxmem.http.Access.DELETE;
import static dev.ctxmem.http.Access.KEY;
import static dev.ctxmem.http.Access.METRICS;
import static dev.ctxmem.http.Access.OPEN;
import static dev.ctxmem.http.Access.OPERATOR;
import static dev.ctxmem.http.Access.READ;
import static dev.ctxmem.http.Access.WRITE;

import dev.ctxmem.http.Route.Handler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Every route of the server. Of several that match a request the first one answers it.
final class Routes {
    private static final String NAMESPACE = "/v1/namespaces/{slug}";
    private static final String ENTRIES = "/v1/namespaces/{ns}/entries";
    private static final String ENTRY = ENTRIES + "/{key}";

    private final List<Route> all;

    Routes(List<Route> all) {
        this.all = List.copyOf(all);
    }

    static Routes of(
            HealthRoutes health,
            MetricRoutes metrics,
            SpecRoutes spec,
            SignupRoutes signup,
            NamespaceRoutes namespaces,
            EntryRoutes entries,
            SearchRoutes search,
            AccountRoutes account,
            LimitRoutes limits,
            OperatorRoutes operator,
            BillingRoutes billing) {
        return new Routes(List.of(
                route("GET", ENTRY + "/history", READ, entries::history),
                route("GET", ENTRY, READ, entries::get),
                route("PUT", ENTRY, WRITE, entries::put),
                route("DELETE", ENTRY, DELETE, entries::delete),
                route("GET", ENTRIES, READ, entries::list),
                route("POST", ENTRIES, WRITE, entries::save),
                route("POST", ENTRIES + "/search", READ, search::searchNamespace),
                route("POST", "/v1/search", READ, search::search),
                route("POST", "/v1/search/text", READ, search::searchText),
                route("GET", "/v1/namespaces", READ, namespaces::list),
                route("POST", "/v1/namespaces", WRITE, namespaces::create),
                route("GET", NAMESPACE, READ, namespaces::get),
                route("DELETE", NAMESPACE, DELETE, namespaces::delete),
                route("GET", "/v1/account", READ, account::account),
                route("GET", "/v1/account/keys", ADMIN, account::keys),
                route("POST", "/v1/account/keys", ADMIN, account::createKey),
                route("DELETE", "/v1/account/keys/{id}", ADMIN, account::revokeKey),
                route("GET", "/v1/limits", KEY, limits::limits),
                route("GET", "/v1/operator/accounts", OPERATOR, operator::listAccounts),
                route("POST", "/v1/operator/accounts", OPERATOR, operator::createAccount),
                route("PUT", "/v1/operator/accounts/{account}", OPERATOR, operator::setTier),
                route("POST", "/v1/operator/tasks", OPERATOR, operator::startTask),
                route("GET", "/v1/operator/tasks/{id}", OPERATOR, operator::task),
                route("POST", "/v1/signup", OPEN, signup::signup),
                route("POST", "/signup", OPEN, signup::signup),
                route("GET", "/health", OPEN, health::health),
                route("GET", "/livez", OPEN, health::live),
                route("GET", "/readyz", OPEN, health::ready),
                route("GET", "/metrics", METRICS, metrics::metrics),
                route("GET", "/openapi.yaml", OPEN, spec::openapi),
                route("POST", "/v1/billing/checkout", ADMIN, billing::checkout),
                route("POST", "/v1/billing/portal", ADMIN, billing::portal),
                route("POST", "/webhooks/stripe", OPEN, billing::webhook)));
    }

    /// What the separate listener for metrics answers.
    static Routes ofMetrics(MetricRoutes metrics) {
        return new Routes(List.of(route("GET", "/metrics", OPEN, metrics::metrics)));
    }

    List<Route> all() {
        return all;
    }

    /// The route of a request, by its raw path.
    Optional<Match> find(String method, String path) {
        for (Route route : all) {
            if (route.method().equals(method)) {
                List<String> parts = route.template().match(path);
                if (parts != null) {
                    return Optional.of(new Match(route, parts));
                }
            }
        }
        return Optional.empty();
    }

    /// The methods that a path knows, in the order of a usual `Allow`; empty when there is no such path.
    List<String> methods(String path) {
        List<String> found = all.stream()
                .filter(route -> route.template().match(path) != null)
                .map(Route::method)
                .distinct()
                .toList();
        if (found.isEmpty()) {
            return found;
        }
        Stream<String> head = found.contains("GET") ? Stream.of("HEAD") : Stream.empty();
        return Stream.concat(found.stream(), Stream.concat(head, Stream.of("OPTIONS")))
                .sorted()
                .toList();
    }

    private static Route route(String method, String template, Access access, Handler handler) {
        return new Route(method, new Template(template), access, handler);
    }

    /// A route, with the raw texts that fill the holes of its template.
    record Match(Route route, List<String> parts) {}
}
