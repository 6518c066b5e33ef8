package dev.ctxmem.config;

import java.net.URI;
import java.util.Map;

/// Where traces go, by OTLP over HTTP. `share` is the part of requests that are traced, 0 to 1, of those whose
/// caller does not say.
public record TraceConfig(URI traces, Map<String, String> headers, String service, double share) {
    public TraceConfig {
        headers = Map.copyOf(headers);
    }

    /// Never prints the headers: collectors take their keys there.
    @Override
    public String toString() {
        return "TraceConfig[" + traces + "]";
    }
}
