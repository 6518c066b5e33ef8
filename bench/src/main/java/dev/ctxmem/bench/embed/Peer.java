package dev.ctxmem.bench.embed;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// [LangChain4j] in its process, idle until it is asked.
final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private Peer(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /// With the jar `runtime` of ONNX Runtime before the one of this process.
    static Peer start(Path runtime, int texts, int clients) {
        try {
            return new Peer(new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            runtime + File.pathSeparator + System.getProperty("java.class.path"),
                            LangChain4j.class.getName(),
                            String.valueOf(texts),
                            String.valueOf(clients))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Texts a second. `way` is [LangChain4j#LIST] or [LangChain4j#SINGLE].
    double perSecond(String way) {
        try {
            questions.append(way).append('\n').flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("The other side ended.");
            }
            return Double.parseDouble(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
