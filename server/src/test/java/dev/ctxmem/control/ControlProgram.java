package dev.ctxmem.control;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.AssertionFailedError;

/// The process in which tests meet a bug. For each line on its standard input, `tests TAB class TAB directory`, it
/// takes the class from the directory, runs the tests up to the first that fails, puts the class back, and prints a
/// verdict. Without a class it runs the tests as they are. Processes that tests start get the directory first on
/// their class path.
final class ControlProgram {
    static final String ANSWER = "verdict";

    private static final String ROOT = "dev.ctxmem.";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int STACK_SHOWN = 5;

    private static @Nullable Instrumentation instrumentation;

    private final PrintStream out;
    private final Launcher launcher = LauncherFactory.create();

    private ControlProgram(PrintStream out) {
        this.out = out;
    }

    /// The JVM's call before `main`.
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        // What tests print is theirs.
        System.setOut(System.err);
        var program = new ControlProgram(out);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            program.answer(line.split("\t", -1));
        }
        Runtime.getRuntime().halt(0);
    }

    private void answer(String[] job) throws Exception {
        Thread watch = Thread.ofPlatform().daemon().start(ControlProgram::endWhenLate);
        Verdict verdict = job[1].isEmpty() ? run(job[0]) : runChanged(job[0], job[1], Path.of(job[2]));
        watch.interrupt();
        out.println(ANSWER + "\t" + verdict.kind() + "\t" + verdict.detail().replaceAll("\\s+", " "));
        out.flush();
    }

    private static void endWhenLate() {
        try {
            Thread.currentThread().join(PATIENCE);
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            // In time.
        }
    }

    private Verdict runChanged(String tests, String className, Path directory)
            throws IOException, ClassNotFoundException, UnmodifiableClassException {
        String classPath = System.getProperty("java.class.path");
        String file = className.replace('.', '/') + ".class";
        Class<?> changed = Class.forName(className, false, ControlProgram.class.getClassLoader());
        byte[] original;
        try (var in = ControlProgram.class.getClassLoader().getResourceAsStream(file)) {
            original = in.readAllBytes();
        }
        redefine(changed, Files.readAllBytes(directory.resolve(file)));
        System.setProperty("java.class.path", directory + File.pathSeparator + classPath);
        try {
            return run(tests);
        } finally {
            System.setProperty("java.class.path", classPath);
            redefine(changed, original);
        }
    }

    private static void redefine(Class<?> changed, byte[] bytes)
            throws ClassNotFoundException, UnmodifiableClassException {
        if (instrumentation == null) {
            throw new IllegalStateException("no agent");
        }
        instrumentation.redefineClasses(new ClassDefinition(changed, bytes));
    }

    private Verdict run(String tests) {
        String[] parts = tests.split("#", 2);
        String[] classes = parts[0].split("/", 2);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(ROOT + classes[0]))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(test.getSource()
                        .filter(source -> source instanceof MethodSource method
                                && (classes.length == 1 || isNested(method, classes[1]))
                                && (parts.length == 1 || method.getMethodName().equals(parts[1])))
                        .isPresent()))
                .build();
        var stop = CancellationToken.create();
        var watcher = new Watcher(stop);
        launcher.execute(LauncherExecutionRequestBuilder.request(request)
                .cancellationToken(stop)
                .listeners(watcher)
                .build());
        return watcher.verdict();
    }

    private static boolean isNested(MethodSource method, String name) {
        return method.getClassName().endsWith("$" + name);
    }

    /// Stops at the first failure.
    private static final class Watcher implements TestExecutionListener {
        private final CancellationToken stop;
        private final AtomicReference<Verdict> failure = new AtomicReference<>();
        private volatile boolean hasPassed;

        Watcher(CancellationToken stop) {
            this.stop = stop;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failure.compareAndSet(
                        null, of(test, result.getThrowable().orElse(new IllegalStateException("no reason given"))));
                stop.cancel();
            } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                hasPassed = true;
            }
        }

        Verdict verdict() {
            Verdict first = failure.get();
            if (first != null) {
                return first;
            }
            return new Verdict(hasPassed ? Verdict.Kind.SURVIVED : Verdict.Kind.NO_TEST, "");
        }

        private static Verdict of(TestIdentifier test, Throwable thrown) {
            String what = test.getLegacyReportingName() + ": ";
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (isAssertion(cause)) {
                    return new Verdict(Verdict.Kind.NOTICED, what + cause.getMessage());
                }
            }
            return new Verdict(
                    kind(thrown),
                    what + thrown + " "
                            + Stream.of(thrown.getStackTrace())
                                    .limit(STACK_SHOWN)
                                    .toList());
        }

        private static Verdict.Kind kind(Throwable thrown) {
            if (!(thrown instanceof MemoryException failure)) {
                return Verdict.Kind.BROKEN;
            }
            return failure.code() == ErrorCode.INTERNAL ? Verdict.Kind.FAILED : Verdict.Kind.REFUSED;
        }

        /// An [AssertionError] around something else is how tests pass on what they cannot handle.
        private static boolean isAssertion(Throwable thrown) {
            return thrown instanceof AssertionFailedError
                    || (thrown instanceof AssertionError
                            && thrown.getCause() == null
                            && !String.valueOf(thrown.getMessage()).startsWith("The server did not start"));
        }
    }
}
