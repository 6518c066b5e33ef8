package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where no traces are configured, nothing is paid for them.
class TracingOffTest {
    @TempDir
    Path home;

    @Test
    void noClassOfOpenTelemetryIsLoaded() throws IOException {
        Path classes = home.resolve("classes");
        try (ServerProcess server = ServerProcess.start(
                        home,
                        Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + classes),
                        "--embedding-provider",
                        "none");
                HttpMemories memories = server.memories()) {
            memories.namespaces();
        }
        List<String> loaded = Files.readAllLines(classes);
        assertTrue(loaded.stream().anyMatch(line -> line.contains(" dev.ctxmem.memory.Tracing ")), loaded::toString);
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(line -> line.contains("io.opentelemetry.") || line.contains(" dev.ctxmem.trace."))
                        .toList());
    }
}
