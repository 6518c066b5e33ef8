package dev.ctxmem.embed.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// ONNX Runtime's own libraries, of which a process has one copy.
///
/// Left to itself the runtime writes 24 MB to the directory for temporary files at every start, and a process
/// that is killed leaves them there. So they are kept in our cache directory, and the runtime is told where.
final class NativeRuntime {
    /// Where the runtime looks for its libraries; an operator may have set it already.
    private static final String DIRECTORY_PROPERTY = "onnxruntime.native.path";

    private static final String MAIN_LIBRARY = "onnxruntime";
    private static final List<String> LIBRARIES = List.of(MAIN_LIBRARY, "onnxruntime4j_jni");

    private NativeRuntime() {}

    /// The runtime, started if this is the first call in the process. Throws [IllegalStateException] where it
    /// does not run.
    static OrtEnvironment start(Path cacheDirectory) {
        if (System.getProperty(DIRECTORY_PROPERTY) == null) {
            System.setProperty(
                    DIRECTORY_PROPERTY, provideLibraries(cacheDirectory).toString());
        }
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            environment.setTelemetry(false);
            return environment;
        } catch (OrtException | LinkageError | IllegalStateException e) {
            throw new IllegalStateException(
                    "ONNX Runtime does not run on this machine (" + platform()
                            + ", on Linux it needs glibc): use EMBEDDING_PROVIDER=openai or none.",
                    e);
        }
    }

    /// The directory is named after what is in it, so that versions of the runtime do not replace one another.
    private static Path provideLibraries(Path cacheDirectory) {
        String crc32 = HexFormat.of().toHexDigits(new ResourceFile(resource(MAIN_LIBRARY)).crc32(), 8);
        Path directory = cacheDirectory.resolve(MAIN_LIBRARY + "-" + crc32).toAbsolutePath();
        for (String library : LIBRARIES) {
            new ResourceFile(resource(library)).provide(directory.resolve(System.mapLibraryName(library)));
        }
        return directory;
    }

    /// The path of a library in the runtime's jar.
    static String resource(String library) {
        return "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library);
    }

    /// The runtime's name of this platform: `linux-x64`, `linux-aarch64`, `osx-aarch64`, `win-x64`.
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch");
        return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
                + (architecture.equals("amd64") || architecture.equals("x86_64") ? "-x64" : "-" + architecture);
    }
}
