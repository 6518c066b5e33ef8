package dev.ctxmem.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// `/openapi.yaml`: the contract, as it is in the repository.
final class SpecRoutes {
    private final Answer spec;

    SpecRoutes() {
        try (InputStream file = Objects.requireNonNull(SpecRoutes.class.getResourceAsStream("/openapi.yaml"))) {
            spec = Answer.text("application/yaml", new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer openapi(Call call) {
        return spec;
    }
}
