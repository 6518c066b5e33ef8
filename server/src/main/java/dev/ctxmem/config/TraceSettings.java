package dev.ctxmem.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what the variables of OpenTelemetry say about traces.
final class TraceSettings {
    private static final String PATH = "/v1/traces";

    private final Settings settings;
    private final List<String> problems;

    TraceSettings(Settings settings, List<String> problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /// Empty without an endpoint.
    Optional<TraceConfig> read() {
        Optional<URI> endpoint = settings.text(Key.OTEL_EXPORTER_OTLP_ENDPOINT).flatMap(this::endpoint);
        Map<String, String> headers = headers();
        double share = share();
        return endpoint.map(
                traces -> new TraceConfig(traces, headers, settings.required(Key.OTEL_SERVICE_NAME), share));
    }

    /// The path of traces behind the base that is configured, as OpenTelemetry has it.
    private Optional<URI> endpoint(String text) {
        try {
            var base = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean plain = base.getHost() != null && base.getRawQuery() == null && base.getRawFragment() == null;
            if (plain && List.of("http", "https").contains(String.valueOf(base.getScheme()))) {
                return Optional.of(new URI(base + PATH));
            }
        } catch (URISyntaxException e) {
            // told below
        }
        problems.add(Key.OTEL_EXPORTER_OTLP_ENDPOINT + " must be an http or https URL, like http://localhost:4318.");
        return Optional.empty();
    }

    /// `name=value,name=value`, values percent-encoded.
    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        for (String item : settings.list(Key.OTEL_EXPORTER_OTLP_HEADERS)) {
            int equals = item.indexOf('=');
            String name = item.substring(0, Math.max(equals, 0)).strip();
            try {
                if (name.matches("[A-Za-z0-9_.-]+")) {
                    String value = item.substring(equals + 1).strip().replace("+", "%2B");
                    headers.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
                    continue;
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
            problems.add(Key.OTEL_EXPORTER_OTLP_HEADERS + " must be like name=value,name=value, percent-encoded.");
        }
        return headers;
    }

    private double share() {
        try {
            double share = Double.parseDouble(settings.required(Key.OTEL_TRACES_SAMPLER_ARG));
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        problems.add(Key.OTEL_TRACES_SAMPLER_ARG + " must be a number from 0 to 1.");
        return 0;
    }
}
