package dev.ctxmem.control;

import dev.ctxmem.process.Programs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A [ControlProgram] in a process of its own, which takes one bug after the other; a bug in the initializer of a
/// class gets another process for itself.
final class ControlProcess implements AutoCloseable {
    private final Path home;
    private final Path agent;
    private final Path log;
    private int mutants;
    private Child child;

    /// `home` takes the changed classes.
    ControlProcess(Path home) {
        this.home = home;
        agent = home.resolve("agent.jar");
        log = home.resolve("log");
        writeAgent();
        child = new Child(List.of("-javaagent:" + agent), "");
    }

    /// The tests as they are.
    Verdict run(String tests) {
        return child.ask(tests + "\t\t");
    }

    Verdict run(String tests, Mutant mutant) {
        Path directory = home.resolve("mutant-" + mutants++);
        try {
            Path file = directory.resolve(mutant.file());
            Files.createDirectories(file.getParent());
            Files.write(file, mutant.changed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (mutant.isInInitializer()) {
            try (var own = new Child(List.of(), directory + File.pathSeparator)) {
                return own.ask(tests + "\t\t");
            }
        }
        Verdict verdict = child.ask(tests + "\t" + mutant.binaryName() + "\t" + directory);
        if (!child.process.isAlive()) {
            child = new Child(List.of("-javaagent:" + agent), "");
        }
        return verdict;
    }

    @Override
    public void close() {
        child.close();
    }

    /// Nothing but the name of the class that the JVM calls.
    private void writeAgent() {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ControlProgram.class.getName());
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        try (OutputStream out = Files.newOutputStream(agent)) {
            new JarOutputStream(out, manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Child(List<String> flags, String firstOnClassPath) {
            var options = new ArrayList<>(List.of("-Xmx700m", "-Xshare:auto", "-Xlog:disable"));
            options.addAll(flags);
            try {
                process = Programs.javaWith(firstOnClassPath, options, ControlProgram.class.getName())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
                out = process.inputReader(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Verdict ask(String job) {
            try {
                process.getOutputStream().write((job + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    String[] answer = line.split("\t", 3);
                    if (answer[0].equals(ControlProgram.ANSWER)) {
                        return new Verdict(Verdict.Kind.valueOf(answer[1]), answer[2]);
                    }
                }
                close();
                return new Verdict(Verdict.Kind.BROKEN, "The process ended:\n" + Files.readString(log));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
