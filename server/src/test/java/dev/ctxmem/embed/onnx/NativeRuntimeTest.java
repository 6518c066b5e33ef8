package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeRuntimeTest {
    /// What ONNX Runtime 1.29 has in it: an uploader to its makers. An upgrade must not bring it in unseen.
    @ParameterizedTest
    @ValueSource(strings = {"events.data.microsoft.com", "Applications6Events", "libcurl"})
    void theRuntime_cannotCallHome(String sign) throws IOException {
        try (InputStream in = NativeRuntime.class.getResourceAsStream(NativeRuntime.resource("onnxruntime"))) {
            String library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertFalse(library.contains(sign), "the native library of ONNX Runtime contains " + sign);
        }
    }

    @Test
    void start_givesTheOneRuntimeOfTheProcess(@TempDir Path cache) {
        assertEquals(NativeRuntime.start(cache), NativeRuntime.start(cache.resolve("other")));
    }
}
