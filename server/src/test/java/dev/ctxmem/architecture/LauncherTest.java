package dev.ctxmem.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The launcher `ctx` and `bin/build`, run by the system's shell, with a Java and a Maven that only tell how
/// they were called. All paths hold a space.
class LauncherTest {
    private static final String JAVA = """
            #!/bin/sh
            echo "I am VERSION"
            case "$*" in
                *Slim.java*) exit 0 ;;
                *AOTCacheOutput*) echo cache >ctx.aot.new ;;
                *) for argument; do echo "$argument"; done ;;
            esac
            """;
    /// Takes long enough for a second build to start meanwhile.
    private static final String MAVEN = """
            #!/bin/sh
            if [ "$1" = --version ]; then echo "Apache Maven 3.9.9 (x)"; exit; fi
            echo called >>maven-calls
            sleep 0.3
            rm -rf server/target/ctx
            mkdir -p server/target/ctx/bin server/target/ctx/lib
            cp ctx server/target/ctx/ctx
            cp bin/jdk server/target/ctx/bin/jdk
            """;

    @TempDir
    Path temporary;

    Path directory;
    Path java;
    Path tools;

    @BeforeEach
    void makeTools() throws IOException {
        directory = Files.createDirectories(temporary.resolve("a directory"));
        java = javaHome("jdk", "25.0.3");
        tools = Files.createDirectories(directory.resolve("tools"));
        script(tools.resolve("mvn"), MAVEN);
    }

    @Nested
    class Installed {
        Path home;

        @BeforeEach
        void install() throws IOException {
            home = directory.resolve("installed");
            copy(home, "ctx", "bin/jdk");
            Files.createDirectories(home.resolve("lib"));
        }

        @Test
        void argumentsArriveAsTheyWereGiven() throws IOException {
            Result result = run(home.resolve("ctx"), "set", "ns", "a  key", "*", "", "it's \"$HOME\"");
            assertEquals(0, result.exitCode(), result.errors());
            assertEquals(
                    List.of("dev.ctxmem.Main", "set", "ns", "a  key", "*", "", "it's \"$HOME\""),
                    result.output()
                            .subList(
                                    result.output().indexOf("dev.ctxmem.Main"),
                                    result.output().size()));
            assertTrue(result.output().contains(home.toRealPath() + "/lib/ctx-server.jar"));
            assertEquals("", result.errors());
        }

        @Test
        void symbolicLinksLeadHome() throws IOException {
            Files.createSymbolicLink(directory.resolve("one"), Path.of("installed/ctx"));
            Files.createSymbolicLink(tools.resolve("ctx"), Path.of("../one"));
            Result result = run(Path.of("ctx"), "ns");
            assertTrue(result.output().contains(home.toRealPath() + "/lib/ctx-server.jar"), result.errors());
        }

        @Test
        void theServerGetsTheHeapThatIsAskedFor() throws IOException {
            assertTrue(run(home.resolve("ctx"), "serve").output().contains("-Xmx160m"));
            Result result = run(Map.of("CTX_HEAP", "300m"), home.resolve("ctx"), "serve");
            assertTrue(result.output().contains("-Xmx300m"));
            assertFalse(result.output().contains("-XX:TieredStopAtLevel=1"));
        }

        @Test
        void javaOptsHaveTheLastWord() throws IOException {
            List<String> output = run(Map.of("JAVA_OPTS", "-Xmx1g  -Da=*"), home.resolve("ctx"), "ns")
                    .output();
            assertEquals(
                    List.of("-Xmx1g", "-Da=*", "-cp"),
                    output.subList(output.indexOf("-Xmx1g"), output.indexOf("-cp") + 1));
        }

        @Test
        void theCacheIsUsedWhereThereIsOne() throws IOException {
            assertFalse(run(home.resolve("ctx")).output().toString().contains("AOTCache"));
            Files.writeString(home.resolve("ctx.aot"), "cache");
            assertTrue(run(home.resolve("ctx")).output().contains("-XX:AOTCache=" + home.toRealPath() + "/ctx.aot"));
        }

        @ParameterizedTest
        @CsvSource({"25, true", "26-ea, true", "100.0.1, true", "24.0.2, false", "1.8.0_402, false", "x, false"})
        void java25OrNewerIsTaken(String version, boolean isTaken) throws IOException {
            Path other = javaHome("other", version);
            Result result = run(Map.of("JAVA_HOME", other.toString()), home.resolve("ctx"), "ns");
            assertEquals(isTaken, result.output().contains("I am " + version));
        }

        @Test
        void aJavaOnThePathWillDo() throws IOException {
            Path other = javaHome("on path", "25.0.9");
            Files.createSymbolicLink(tools.resolve("java"), other.resolve("bin/java"));
            Result result = run(Map.of("JAVA_HOME", ""), home.resolve("ctx"), "ns");
            assertTrue(result.output().contains("I am 25.0.9"), result.errors());
        }

        @Test
        void withoutAJavaItSaysWhatToInstall() throws IOException {
            Path old = javaHome("old", "17.0.2");
            // A tool that no Java has: what would be found in the usual places of this machine does not count.
            Result result =
                    run(Map.of("JAVA_HOME", old.toString(), "jdk_tool", "no-such-tool"), home.resolve("ctx"), "ns");
            assertEquals(69, result.exitCode());
            assertTrue(result.errors().contains("Java 25 or newer"), result.errors());
            assertTrue(result.errors().contains("17.0.2"), result.errors());
            assertTrue(result.errors().contains("set JAVA_HOME"), result.errors());
        }
    }

    @Nested
    class Checkout {
        Path home;

        @BeforeEach
        void checkOut() throws IOException {
            home = directory.resolve("checkout");
            copy(home, "ctx", "bin/jdk", "bin/build", "bin/Slim.java", "pom.xml");
            for (String module : List.of("core", "client", "server")) {
                Files.createDirectories(home.resolve(module).resolve("src/main"));
                Files.writeString(home.resolve(module).resolve("pom.xml"), "");
            }
            Files.createDirectories(home.resolve("api"));
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.toList()) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
                }
            }
        }

        @Test
        void theFirstRunBuildsAndTheNextDoNot() throws IOException {
            Result first = run(home.resolve("ctx"), "ns");
            assertEquals(0, first.exitCode(), first.errors());
            assertTrue(first.errors().contains("building"), first.errors());
            assertTrue(first.output().contains("-XX:AOTCache=" + home.toRealPath() + "/server/target/ctx/ctx.aot"));
            Result second = run(home.resolve("ctx"), "ns");
            assertEquals("", second.errors());
            assertEquals(1, builds());
        }

        @Test
        void aChangedAnAddedAndARemovedSourceAreBuilt() throws IOException {
            Path source = Files.writeString(home.resolve("core/src/main/A.java"), "");
            run(home.resolve("ctx"), "ns");
            Files.writeString(source, "class A {}");
            run(home.resolve("ctx"), "ns");
            assertEquals(2, builds());
            Files.writeString(home.resolve("server/src/main/B.java"), "");
            run(home.resolve("ctx"), "ns");
            assertEquals(3, builds());
            Files.delete(source);
            run(home.resolve("ctx"), "ns");
            assertEquals(4, builds());
        }

        @Test
        void runsAtTheSameTimeBuildOnce() throws IOException {
            var processes = new ArrayList<Process>();
            for (int i = 0; i < 4; i++) {
                processes.add(start(Map.of(), directory.resolve("errors" + i), home.resolve("ctx"), "ns"));
            }
            for (Process process : processes) {
                assertEquals(0, exitCode(process));
            }
            assertEquals(1, builds());
        }

        @Test
        void aFailedBuildShowsTheEndOfItsLogAndIsTriedAgain() throws IOException {
            script(tools.resolve("mvn"), MAVEN.replace("sleep 0.3", "echo 'it is the semicolon'; exit 1"));
            for (int i = 1; i <= 2; i++) {
                Result result = run(home.resolve("ctx"), "ns");
                assertEquals(70, result.exitCode());
                assertTrue(result.errors().contains("it is the semicolon"), result.errors());
                assertTrue(result.errors().contains(home.toRealPath() + "/target/build.log"), result.errors());
                assertEquals(i, builds());
            }
        }

        @Test
        void anOldMavenIsNotUsed() throws IOException {
            script(tools.resolve("mvn"), MAVEN.replace("3.9.9", "3.6.3"));
            Result result = run(home.resolve("ctx"), "ns");
            assertEquals(69, result.exitCode());
            assertTrue(result.errors().contains("Maven 3.8 or newer"), result.errors());
            assertTrue(result.errors().contains("3.6"), result.errors());
        }

        @Test
        void whatWasBuiltRunsElsewhere() throws IOException {
            run(home.resolve("ctx"), "ns");
            Path moved = directory.resolve("moved");
            Files.move(home.resolve("server/target/ctx"), moved);
            Files.delete(tools.resolve("mvn"));
            Result result = run(moved.resolve("ctx"), "ns");
            assertEquals(0, result.exitCode(), result.errors());
            assertTrue(result.output().contains("-XX:AOTCache=" + moved.toRealPath() + "/ctx.aot"));
        }

        private long builds() throws IOException {
            try (Stream<String> calls = Files.lines(home.resolve("maven-calls"))) {
                return calls.count();
            }
        }
    }

    private Path javaHome(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), JAVA.replace("VERSION", version));
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private static void copy(Path home, String... files) throws IOException {
        for (String file : files) {
            Path target = home.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(Repository.ROOT.resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private Result run(Path command, String... arguments) throws IOException {
        return run(Map.of(), command, arguments);
    }

    private Result run(Map<String, String> environment, Path command, String... arguments) throws IOException {
        Path errors = Files.createTempFile(directory, "errors", "");
        Process process = start(environment, errors, command, arguments);
        List<String> output = process.inputReader().lines().toList();
        return new Result(exitCode(process), output, Files.readString(errors));
    }

    private Process start(Map<String, String> environment, Path errors, Path command, String... arguments)
            throws IOException {
        var words = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\"", "sh", command.toString()));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).directory(temporary.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static int exitCode(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    record Result(int exitCode, List<String> output, String errors) {}
}
