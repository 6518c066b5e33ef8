/// Traces by OpenTelemetry. Loaded only where they are configured.
@NullMarked
package dev.ctxmem.trace;

import org.jspecify.annotations.NullMarked;
